/** Bodies of any length in which rules replace texts, byte by byte over real sockets, with little memory. */
import { createServer, request, type IncomingMessage, type ServerResponse } from "node:http";
import { expect, test } from "vitest";
import { uncollected, watchMemory } from "./memory.ts";
import { startBefore } from "./started-edge.ts";

const line = 'The needle is in the haystack: <a href="https://fra.example/needle?x=1">straw</a>, and more straw.\n';
/** A megabyte or so. */
const block = Buffer.from(line.repeat(10_000));

const origin = createServer(({ url }, response) => void send(Number(/\d+/.exec(url!)![0]), response));

async function send(blocks: number, response: ServerResponse): Promise<void> {
  response.writeHead(200, { "content-type": "text/plain", "cache-control": "no-store" });
  for (let count = 0; count < blocks && !response.destroyed; count++) {
    if (!response.write(block)) await new Promise((resolve) => response.once("drain", resolve));
  }
  response.end();
}

const edge = startBefore(
  origin,
  `SITES = [{ hosts = ["*"] }]
RULES = [
  { when = 'request.path.startsWith("/literals/")', text = [{ find = "needle", with = "pin" }, { find = "https://fra.example/", with = "/" }] },
  { when = 'request.path.startsWith("/pattern/")', text = [{ pattern = "https://[a-z.]+/(\\\\w+)", with = "/$1/$1" }] },
]`,
);

const mb = 2 ** 20;

test.each([
  ["1 GB with literals", "/literals/", 1_000, line.replaceAll("https://fra.example/", "/").replaceAll("needle", "pin")],
  ["100 MB with a pattern", "/pattern/", 100, line.replace("https://fra.example/needle", "/needle/needle")],
])("%s", { timeout: 240_000 }, async (_, path, blocks, expected) => {
  // What the engine takes before it collects garbage for the first times is not growth.
  await receive(path, blocks * 0.3, expected);
  const growth = watchMemory(edge());
  expect(await receive(path, blocks, expected)).toBe(blocks * 10_000 * expected.length);
  expect(growth()).toBeLessThan(uncollected);
});

/** Compares every byte. @returns how many there were. */
async function receive(path: string, blocks: number, expected: string): Promise<number> {
  const answer = await new Promise<IncomingMessage>((resolve, reject) => {
    request(`${edge().url}${path}${blocks}`, resolve).on("error", reject).end();
  });
  const repeated = Buffer.from(expected.repeat(Math.ceil((4 * mb) / expected.length)));
  let received = 0;
  for await (const chunk of answer as AsyncIterable<Buffer>) {
    const from = received % expected.length;
    if (!chunk.equals(repeated.subarray(from, from + chunk.length))) throw new Error(`wrong after ${received} bytes`);
    received += chunk.length;
  }
  return received;
}
