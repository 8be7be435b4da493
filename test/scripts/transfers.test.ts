/** Long transfers and conversations, byte by byte over real sockets: what passes the edge must not know that it is there. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer, request, type IncomingMessage, type OutgoingHttpHeaders, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { finished } from "node:stream/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { byteAt } from "../../scripts/demo/bytes.ts";
import { end, start, waitFor, type StartedCli } from "./cli.ts";

type Play = (request: IncomingMessage, response: ServerResponse) => void | Promise<void>;

/** First step of the path → what the origin does there. */
const plays: Readonly<Record<string, Play>> = { file, upload, unary, talk, events };

const origin = createServer((incoming, response) => {
  const [, name] = incoming.url!.split(/[/?]/);
  void plays[name!]!(incoming, response);
});

const folder = mkdtempSync(join(tmpdir(), "perigee-transfers-"));
let edge: StartedCli;

beforeAll(async () => {
  await new Promise<void>((resolve) => origin.listen(0, "127.0.0.1", resolve));
  const { port } = origin.address() as AddressInfo;
  const config = join(folder, "wrangler.toml");
  writeFileSync(
    config,
    `vars.ORIGINS = [{ name = "one", url = "http://127.0.0.1:${port}" }]\nvars.SITES = [{ hosts = ["*"] }]\n`,
  );
  edge = await start("--fresh", "--config", config);
});

afterAll(async () => {
  if (edge) await end(edge);
  origin.closeAllConnections();
  origin.close();
  rmSync(folder, { recursive: true });
});

const gb = 2 ** 30;
const size = 6 * gb;

/** A file that is only computed, with ranges. */
async function file({ headers }: IncomingMessage, response: ServerResponse): Promise<void> {
  const { range, "if-range": version = '"v1"' } = headers;
  const [, from, to] = (version === '"v1"' && /^bytes=(\d+)-(\d*)$/.exec(range ?? "")) || [];
  const [first, last] = [Number(from ?? 0), Math.min(Number(to || size - 1), size - 1)];
  const isPart = from !== undefined;
  response.writeHead(isPart ? 206 : 200, {
    etag: '"v1"',
    "accept-ranges": "bytes",
    "content-type": "application/octet-stream",
    "content-length": last - first + 1,
    ...(isPart && { "content-range": `bytes ${first}-${last}/${size}` }),
  });
  for (let at = first; at <= last && !response.destroyed; at += chunk) {
    const more = response.write(bytesFrom(at, Math.min(chunk, last - at + 1)));
    if (!more) await new Promise((resolve) => response.once("drain", resolve));
  }
  response.end();
}

const chunk = 65_536;
/** After as many bytes they repeat. */
const period = 251;

function bytesFrom(first: number, length: number): Buffer {
  return Buffer.alloc(length, Buffer.from(Array.from({ length: period }, (_, index) => byteAt(first + index))));
}

describe("a download of 6 GB", () => {
  test.each([
    ["at its beginning", 0, 99_999],
    ["beyond 4 GB", 5 * gb + 12_345, 5 * gb + 3_000_000],
    ["at its end", size - 100_000, size - 1],
  ])("gives a part %s", async (_, first, last) => {
    const answer = await ask("/file", { headers: { range: `bytes=${first}-${last}` } });
    expect([answer.statusCode, answer.headers["content-range"]]).toEqual([206, `bytes ${first}-${last}/${size}`]);
    const body = await read(answer);
    expect(body.equals(bytesFrom(first, last - first + 1))).toBe(true);
  });

  test("that was interrupted goes on where it was", { timeout: 60_000 }, async () => {
    const answer = await ask("/file?interrupted");
    expect([answer.statusCode, answer.headers["content-length"]]).toEqual([200, String(size)]);
    let at = 0;
    for await (const piece of answer as AsyncIterable<Buffer>) {
      expect(piece.equals(bytesFrom(at, piece.length))).toBe(true);
      at += piece.length;
      if (at > 1_000_000) break;
    }
    const last = at + 200_000;
    const rest = await ask("/file?interrupted", {
      headers: { range: `bytes=${at}-${last}`, "if-range": String(answer.headers.etag) },
    });
    expect([rest.statusCode, rest.headers["content-range"]]).toEqual([206, `bytes ${at}-${last}/${size}`]);
    expect((await read(rest)).equals(bytesFrom(at, last - at + 1))).toBe(true);
  });

  test("of which there is another version by now begins anew", async () => {
    const answer = await ask("/file?other", { headers: { range: "bytes=1000-", "if-range": '"v0"' } });
    expect([answer.statusCode, answer.headers["content-length"]]).toEqual([200, String(size)]);
    answer.destroy();
  });
});

/** Upload URL → what came so far, and whether that is all. */
const uploads = new Map<string, { bytes: Buffer[]; isComplete: boolean }>();
const seen: IncomingMessage[] = [];

function lengthOf({ bytes }: { readonly bytes: readonly Buffer[] }): number {
  return bytes.reduce((sum, { length }) => sum + length, 0);
}

/** draft-ietf-httpbis-resumable-upload, as far as a server must. */
async function upload(incoming: IncomingMessage, response: ServerResponse): Promise<void> {
  seen.push(incoming);
  const { method, headers, url } = incoming;
  const location = method === "POST" ? `/upload/${uploads.size + 1}` : url!;
  if (method === "POST") {
    uploads.set(location, { bytes: [], isComplete: false });
    incoming.socket.write(
      `HTTP/1.1 104 Upload Resumption Supported\r\nUpload-Draft-Interop-Version: 6\r\nLocation: ${location}\r\n\r\n`,
    );
  }
  const resource = uploads.get(location);
  if (!resource) return void response.writeHead(404).end();
  const state = (): OutgoingHttpHeaders => ({
    "upload-offset": lengthOf(resource),
    "upload-complete": resource.isComplete ? "?1" : "?0",
    "upload-limit": "max-size=1000000000",
    "cache-control": "no-store",
  });
  if (method === "HEAD") return void response.writeHead(204, state()).end();
  if (method === "DELETE") return void (uploads.delete(location), response.writeHead(204).end());
  if (method === "PATCH" && Number(headers["upload-offset"]) !== lengthOf(resource)) {
    const type = { "content-type": "application/problem+json" };
    return void response.writeHead(409, { ...state(), ...type }).end('{"type":"mismatching-upload-offset"}');
  }
  incoming.on("data", (piece: Buffer) => resource.bytes.push(piece));
  // A client that leaves leaves what it sent.
  const isThere = await finished(incoming).then(
    () => true,
    () => false,
  );
  if (!isThere) return;
  resource.isComplete = headers["upload-complete"] === "?1";
  response.writeHead(resource.isComplete ? 200 : 201, { ...state(), location }).end();
}

describe("a resumable upload", () => {
  const content = bytesFrom(0, 600_000);
  const interop = { "upload-draft-interop-version": "6" };

  test("that breaks off goes on from where the server has it", { timeout: 60_000 }, async () => {
    const sent = request(`${edge.url}/upload`, {
      method: "POST",
      headers: { ...interop, "upload-complete": "?1", "content-length": content.length },
    });
    sent.on("error", () => undefined).write(content.subarray(0, 250_000));
    const location = "/upload/1";
    // The server has what was sent so far, before there is any more of it.
    await waitFor(
      () => lengthOf(uploads.get(location) ?? { bytes: [] }) === 250_000,
      () => "the content was held back",
    );
    sent.destroy();

    const state = await ask(location, { method: "HEAD", headers: interop });
    expect([state.statusCode, state.headers["upload-offset"], state.headers["upload-complete"]]).toEqual([
      204,
      "250000",
      "?0",
    ]);
    expect(state.headers["upload-limit"]).toBe("max-size=1000000000");

    const patch = (offset: number): Sent => ({
      method: "PATCH",
      headers: {
        ...interop,
        "content-type": "application/partial-upload",
        "upload-offset": offset,
        "upload-complete": "?1",
      },
      body: content.subarray(offset),
    });
    const wrong = await ask(location, patch(300_000));
    expect([wrong.statusCode, wrong.headers["upload-offset"]]).toEqual([409, "250000"]);
    expect(JSON.parse((await read(wrong)).toString())).toEqual({ type: "mismatching-upload-offset" });

    const done = await ask(location, patch(250_000));
    expect([done.statusCode, done.headers["upload-complete"]]).toEqual([200, "?1"]);
    expect(Buffer.concat(uploads.get(location)!.bytes).equals(content)).toBe(true);
    expect(seen.at(-1)!.headers).toMatchObject({
      ...interop,
      "content-type": "application/partial-upload",
      "upload-offset": "250000",
    });

    expect((await ask(location, { method: "HEAD", headers: interop })).headers["upload-offset"]).toBe("600000");
    expect((await ask(location, { method: "DELETE", headers: interop })).statusCode).toBe(204);
    expect((await ask(location, { method: "HEAD", headers: interop })).statusCode).toBe(404);
  });

  test("of little content comes in one, and its server's 104 is in nobody's way", async () => {
    const informed: number[] = [];
    const sent: Sent = {
      method: "POST",
      headers: { ...interop, "upload-complete": "?0" },
      body: content.subarray(0, 10),
    };
    const answer = await ask("/upload", sent, ({ statusCode }) => informed.push(statusCode));
    expect([answer.statusCode, answer.headers["upload-offset"]]).toEqual([201, "10"]);
    expect(answer.headers.location).toBe("/upload/1");
    // The platform keeps informational answers to itself.
    expect(informed).toEqual([]);
  });
});

/** A frame of gRPC-Web: a flag, a length, and as many bytes. */
function frame(flag: number, content: string): Buffer {
  const head = Buffer.alloc(5);
  head.writeUInt8(flag);
  head.writeUInt32BE(content.length, 1);
  return Buffer.concat([head, Buffer.from(content, "latin1")]);
}

const trailers = frame(0x80, "grpc-status: 0\r\ngrpc-message: fine\r\n");

/** No message, only how it ended, in the header. */
function unary(incoming: IncomingMessage, response: ServerResponse): void {
  incoming.resume().on("end", () => {
    response
      .writeHead(200, { "content-type": "application/grpc-web+proto", "grpc-status": "12", "grpc-message": "no" })
      .end();
  });
}

/** What lets the origin go on; told by the client when it has the part before. */
let goOn: () => void = () => undefined;

/** Says again what it gets, then in three parts more, each when the client has the one before. */
async function talk(incoming: IncomingMessage, response: ServerResponse): Promise<void> {
  const isText = incoming.headers["content-type"] === "application/grpc-web-text";
  const got = Buffer.concat(await incoming.toArray());
  response.writeHead(200, { "content-type": incoming.headers["content-type"], "x-got": got.toString("base64") });
  for (const part of [frame(0, "one\x00\xff"), frame(0, "two"), trailers]) {
    const told = new Promise<void>((resolve) => (goOn = resolve));
    response.write(isText ? part.toString("base64") : part);
    await told;
  }
  response.end();
}

describe("gRPC-Web", () => {
  const headers = { "x-grpc-web": "1", "accept-encoding": "gzip, br", "grpc-timeout": "5S" };

  test.each(["application/grpc-web+proto", "application/grpc-web-text"])(
    "%s: each message comes when it is sent, and the trailers at the end of the body",
    async (type) => {
      const body = type.endsWith("text") ? Buffer.from(frame(0, "ask").toString("base64")) : frame(0, "ask\x00\xfe");
      const answer = await ask("/talk", { method: "POST", headers: { ...headers, "content-type": type }, body });
      expect(answer.headers).toMatchObject({ "content-type": type, "x-got": body.toString("base64") });
      expect(answer.headers["content-encoding"]).toBeUndefined();
      const parts: Buffer[] = [];
      for await (const part of answer as AsyncIterable<Buffer>) {
        parts.push(type.endsWith("text") ? Buffer.from(part.toString(), "base64") : part);
        goOn();
      }
      expect(parts).toEqual([frame(0, "one\x00\xff"), frame(0, "two"), trailers]);
    },
  );

  test("a status without a message is in the header", async () => {
    const sent = {
      method: "POST",
      headers: { ...headers, "content-type": "application/grpc-web+proto" },
      body: frame(0, ""),
    };
    const answer = await ask("/unary", sent);
    expect(answer.headers).toMatchObject({ "grpc-status": "12", "grpc-message": "no" });
    expect(await read(answer)).toHaveLength(0);
  });
});

/** Streams that have not ended. */
const listening = new Set<ServerResponse>();

/** One event after another, each when the client has the one before. It says nothing of caching. */
async function events({ headers, url }: IncomingMessage, response: ServerResponse): Promise<void> {
  listening.add(response.on("close", () => listening.delete(response)));
  response.writeHead(200, { "content-type": "text/event-stream" });
  for (let id = Number(headers["last-event-id"] ?? 0) + 1; !response.destroyed; id++) {
    const told = new Promise<void>((resolve) => (goOn = resolve));
    response.write(`id: ${id}\ndata: {"of":"${url}"}\n\n`);
    await told;
  }
}

describe("an event stream", () => {
  test("comes event by event, uncompressed, goes on after the last one, and ends at the origin when its client leaves", async () => {
    const received: string[] = [];
    for (const last of [0, 3]) {
      const answer = await ask("/events?a", {
        headers: { "accept-encoding": "gzip, br, zstd", "last-event-id": last },
      });
      expect(answer.headers["content-encoding"]).toBeUndefined();
      for await (const event of answer as AsyncIterable<Buffer>) {
        received.push(/^id: (\d+)\ndata: .*\n\n$/.exec(event.toString())![1]!);
        if (received.length % 3 === 0) break;
        goOn();
      }
    }
    expect(received).toEqual(["1", "2", "3", "4", "5", "6"]);
    // The platform notices that a client has left when there is something to send.
    const beat = (): boolean => {
      for (const stream of listening) stream.write(": still here\n\n");
      return listening.size === 0;
    };
    await waitFor(beat, () => `${listening.size} streams go on though nobody listens`);
  });

  test("is each client's own, also for those who ask at once", async () => {
    const answers = await Promise.all([1, 2, 3].map(() => ask("/events?at-once")));
    for (const answer of answers) {
      for await (const event of answer as AsyncIterable<Buffer>) {
        expect(event.toString()).toMatch(/^id: 1\n/);
        break;
      }
    }
  });
});

interface Sent {
  readonly method?: string;
  readonly headers?: OutgoingHttpHeaders;
  readonly body?: Buffer;
}

/** Resolves to the answer, its body not read yet. */
function ask(
  path: string,
  { body, ...options }: Sent = {},
  inform?: (info: { statusCode: number }) => void,
): Promise<IncomingMessage> {
  const length = body && { "content-length": body.length };
  return new Promise((resolve, reject) => {
    const sent = request(
      edge.url + path,
      { ...options, headers: { ...options.headers, ...length }, agent: false },
      resolve,
    );
    if (inform) sent.on("information", inform);
    sent.on("error", reject).end(body);
  });
}

async function read(answer: IncomingMessage): Promise<Buffer> {
  return Buffer.concat(await answer.toArray());
}
