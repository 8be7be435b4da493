import { request, type IncomingMessage } from "node:http";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from "vitest";
import { byteAt } from "../../scripts/demo/bytes.ts";
import { end, start, type StartedCli } from "./cli.ts";
import { watchMemory } from "./memory.ts";

const mb = 2 ** 20;

let demo: StartedCli;
beforeAll(async () => {
  demo = await start("--fresh");
  // What it needs to serve at all is not growth.
  await receive(await ask("/bytes/1000000"));
});
afterAll(() => end(demo));

test("a download of 1 GB passes, byte by byte, with little memory", { timeout: 180_000 }, async () => {
  const growth = watchMemory(demo);
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
  const growth = watchMemory(demo);
  const chunk = Buffer.alloc(mb, "upload ");
  const body = Readable.from(Array<Buffer>(200).fill(chunk), { objectMode: false });
  const answer = await ask("/echo", { method: "POST", body });
  expect(JSON.parse((await receive(answer)).toString())).toMatchObject({ method: "POST", bodyBytes: 200 * mb });
  expect(growth()).toBeLessThan(64 * mb);
});

describe("bodies that are stored", () => {
  test("16 misses of 10 MB at once take less memory than they have bytes", { timeout: 180_000 }, async () => {
    const edge = await startAnother();
    const growth = watchMemory(edge);
    const told = await download(edge, ...Array.from({ length: 16 }, (_, index) => `/bytes/${10 * mb}?${index}`));
    expect(told.filter((status) => status.includes("; stored"))).toHaveLength(16);
    expect(growth()).toBeLessThan(128 * mb);
  });

  test("four hits of 10 MB at once take less than 16 MB", { timeout: 60_000 }, async () => {
    const edge = await startAnother();
    const path = `/bytes/${10 * mb}`;
    await download(edge, path);
    // It waits until the first one's answer is stored.
    await download(edge, path);
    const growth = watchMemory(edge);
    const told = await download(edge, path, path, path, path);
    expect(told.filter((status) => status.startsWith("perigee; hit"))).toHaveLength(4);
    expect(growth()).toBeLessThan(16 * mb);
  });
});

test("a client that reads slowly slows the origin down", { timeout: 60_000 }, async () => {
  const growth = watchMemory(demo);
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

/** An edge for one test, which has taken no memory yet for anything large. */
async function startAnother(): Promise<StartedCli> {
  const edge = await start("--fresh");
  onTestFinished(() => end(edge));
  await receive(await ask("/bytes/1000000", { edge }));
  return edge;
}

/** All at once, and every byte looked at: what goes to several readers must not be mixed up. Resolves to each Cache-Status. */
async function download(edge: StartedCli, ...paths: readonly string[]): Promise<readonly string[]> {
  const answers = await Promise.all(paths.map((path) => ask(path, { edge })));
  expect(await Promise.all(answers.map(firstWrongByte))).toEqual(paths.map(() => undefined));
  return answers.map(({ headers }) => String(headers["cache-status"]));
}

/** Where a body of `/bytes/N` is another than it ought to be. */
async function firstWrongByte(answer: IncomingMessage): Promise<number | undefined> {
  let at = 0;
  for await (const chunk of answer as AsyncIterable<Buffer>) {
    const wrong = chunk.findIndex((byte, index) => byte !== byteAt(at + index));
    if (wrong !== -1) return at + wrong;
    at += chunk.length;
  }
  return at === Number(answer.headers["content-length"]) ? undefined : at;
}

interface Ask {
  /** The demo that all share unless set. */
  readonly edge?: StartedCli;
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: Readable;
}

/** A request whose answer's body is not read yet. */
function ask(path: string, { body, edge = demo, ...options }: Ask = {}): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    const sent = request(`${edge.url}${path}`, options, resolve).on("error", reject);
    if (body) pipeline(body, sent).catch(reject);
    else sent.end();
  });
}

async function receive(answer: IncomingMessage): Promise<Buffer> {
  return Buffer.concat(await answer.toArray());
}

function reply(socket: WebSocket, message: string | Uint8Array<ArrayBuffer>): Promise<unknown> {
  const answer = new Promise((resolve) =>
    socket.addEventListener("message", ({ data }) => resolve(data), { once: true }),
  );
  socket.send(message);
  return answer;
}
