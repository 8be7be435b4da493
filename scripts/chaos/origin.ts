/**
 * An origin: `node origin.ts <latitude> <longitude> <port>`, a process of its own, so that it can be killed and stopped.
 * It answers as late as the edge that asks is far away. Over its IPC channel it says its port, how many requests it has
 * seen, and what it has done for a POST or PUT; it is told "reset" and "well"; it ends when the channel closes.
 */
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import type { Position } from "../../src/geo/position.ts";
import { answerOf, fresh, kindOf, pause, tagOf, type Kind } from "./objects.ts";
import { delayBetween, locationField, type Saying, type Telling } from "./protocol.ts";

const [latitude, longitude, port] = process.argv.slice(2).map(Number) as [number, number, number];

let asked = 0;
let isResetting = false;
const underWay = new Set<IncomingMessage>();

const say = (saying: Saying): void => void process.send!(saying);

const server = createServer((request, response) => {
  asked++;
  underWay.add(request);
  response.once("close", () => underWay.delete(request));
  answer(request, response).catch(() => response.destroy());
});

async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const { url: target = "", headers } = request;
  const kind = kindOf(target);
  const content = Buffer.concat(await request.toArray());
  await sleep(delayBetween([latitude, longitude], positionOf(headers[locationField])));
  if (!kind) return void response.writeHead(404).end();
  // Long answers begin before they are reset, so that bodies break off, too.
  if (isResetting && kind.pieces === 1) return void request.socket.resetAndDestroy();
  if (kind.content > 0) say({ done: target });
  const range = rangeOf(request, target);
  await send(answerOf(target, kind, content), range, { request, response, kind });
}

/** Nowhere in particular when it doesn't say. */
function positionOf(field: string | readonly string[] | undefined): Position {
  const [latitude = 0, longitude = 0] = String(field ?? "")
    .split(",")
    .map(Number);
  return [latitude, longitude];
}

interface Exchange {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly kind: Kind;
}

async function send(whole: Buffer, range: Range | undefined, { request, response, kind }: Exchange): Promise<void> {
  const body = range ? whole.subarray(range.first, range.last + 1) : whole;
  response.writeHead(range ? 206 : 200, {
    "content-type": "application/octet-stream",
    "content-length": body.length,
    "cache-control": kind.stored === undefined ? "no-store" : `max-age=${fresh}`,
    etag: tagOf(request.url!),
    ...(range && { "content-range": `bytes ${range.first}-${range.last}/${whole.length}` }),
  });
  if (request.method === "HEAD") return void response.end();
  const size = Math.ceil(whole.length / kind.pieces);
  for (let at = 0; at < body.length; at += size) {
    if (at > 0) await sleep(pause);
    if (isResetting && at >= size) return void request.socket.resetAndDestroy();
    const piece = body.subarray(at, at + size);
    if (at + size >= body.length) response.end(piece);
    else response.write(piece);
  }
}

interface Range {
  readonly first: number;
  readonly last: number;
}

/** What is asked for, if it is of the version that there is. */
function rangeOf({ headers }: IncomingMessage, target: string): Range | undefined {
  const [, first, last] = /^bytes=(\d+)-(\d+)$/.exec(headers.range ?? "") ?? [];
  const isSame = (headers["if-range"] ?? tagOf(target)) === tagOf(target);
  return first !== undefined && isSame ? { first: Number(first), last: Number(last) } : undefined;
}

// Only what the program says is to break connections.
server.keepAliveTimeout = 600_000;
server.listen(port, "127.0.0.1", () => say({ port: (server.address() as AddressInfo).port }));
setInterval(() => say({ asked }), 50);

process.on("message", (telling: Telling) => {
  isResetting = telling === "reset";
  if (isResetting) for (const { socket } of underWay) socket.resetAndDestroy();
});
process.on("disconnect", () => process.exit(0));
process.on("SIGINT", () => undefined); // Ctrl-C reaches the whole group; the channel says when to end
