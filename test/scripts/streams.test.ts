import { request, type IncomingMessage } from "node:http";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { afterAll, beforeAll, expect, test } from "vitest";
import { byteAt } from "../../scripts/demo/bytes.ts";
import { end, residentBytes, start, workerdOf, type StartedCli } from "./cli.ts";

const mb = 2 ** 20;

let demo: StartedCli;
beforeAll(async () => {
  demo = await start("--fresh");
  // What it needs to serve at all is not growth.
  await receive(await ask("/bytes/1000000"));
});
afterAll(() => end(demo));

test("a download of 1 GB passes, byte by byte, with little memory", { timeout: 180_000 }, async () => {
  const growth = watchMemory();
  const answer = await ask("/bytes/1000000000");
  expect(answer.headers["content-length"]).toBe("1000000000");
  const samples: [at: number, byte: number][] = [];
  let received = 0;
  for await (const chunk of answer as AsyncIterable<Buffer>) {
    samples.push([received, chunk[0]!]);
    received += chunk.length;
  }
  expect(received).toBe(1_000_000_000);
  expect(samples.filter(([at, byte]) => byte !== byteAt(at))).toEqual([]);
  expect(growth()).toBeLessThan(64 * mb);
});

test("an upload of 200 MB passes with little memory", { timeout: 180_000 }, async () => {
  const growth = watchMemory();
  const chunk = Buffer.alloc(mb, "upload ");
  const body = Readable.from(Array<Buffer>(200).fill(chunk), { objectMode: false });
  const answer = await ask("/echo", { method: "POST", body });
  expect(JSON.parse((await receive(answer)).toString())).toMatchObject({ method: "POST", bodyBytes: 200 * mb });
  expect(growth()).toBeLessThan(64 * mb);
});

test("a client that reads slowly slows the origin down", { timeout: 60_000 }, async () => {
  const growth = watchMemory();
  const answer = await ask("/bytes/1000000000");
  await new Promise((resolve) => setTimeout(resolve, 3000));
  expect(growth()).toBeLessThan(64 * mb);
  answer.destroy();
});

test("an event stream: the first event comes at once, and the next a second later", async () => {
  const began = Date.now();
  const answer = await ask("/events", { headers: { "accept-encoding": "gzip, br" } });
  expect(answer.headers["content-type"]).toBe("text/event-stream");
  const times: number[] = [];
  for await (const chunk of answer as AsyncIterable<Buffer>) {
    if (chunk.includes("data: ")) times.push(Date.now() - began);
    if (times.length === 2) break;
  }
  expect(times[0]).toBeLessThan(900);
  expect(times[1]! - times[0]!).toBeGreaterThan(500);
});

test("a WebSocket says back what it is told, texts and bytes", async () => {
  const socket = new WebSocket(`${demo.url.replace("http", "ws")}/ws`);
  socket.binaryType = "arraybuffer";
  await new Promise((resolve, reject) => {
    socket.addEventListener("open", resolve);
    socket.addEventListener("error", () => reject(new Error("the handshake failed")));
  });
  const large = "ü".repeat(50_000);
  const bytes = new Uint8Array([0, 1, 254, 255]);
  expect(await reply(socket, "hello")).toBe("hello");
  expect(await reply(socket, large)).toBe(large);
  expect(new Uint8Array((await reply(socket, bytes)) as ArrayBuffer)).toEqual(bytes);
  const closed = new Promise((resolve) => socket.addEventListener("close", ({ code }) => resolve(code)));
  socket.close(1000);
  expect(await closed).toBe(1000);
});

interface Ask {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: Readable;
}

/** A request whose answer's body is not read yet. */
function ask(path: string, { body, ...options }: Ask = {}): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    const sent = request(`${demo.url}${path}`, options, resolve).on("error", reject);
    if (body) pipeline(body, sent).catch(reject);
    else sent.end();
  });
}

async function receive(answer: IncomingMessage): Promise<Buffer> {
  return Buffer.concat(await answer.toArray());
}

/** Watches workerd's memory from now on; the result stops it and tells by how many bytes it grew at most. */
function watchMemory(): () => number {
  const pid = workerdOf(demo);
  const before = residentBytes(pid);
  let most = before;
  const look = (): void => void (most = Math.max(most, residentBytes(pid)));
  const timer = setInterval(look, 50);
  return () => {
    clearInterval(timer);
    look();
    return most - before;
  };
}

function reply(socket: WebSocket, message: string | Uint8Array<ArrayBuffer>): Promise<unknown> {
  const answer = new Promise((resolve) =>
    socket.addEventListener("message", ({ data }) => resolve(data), { once: true }),
  );
  socket.send(message);
  return answer;
}
