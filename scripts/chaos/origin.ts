/**
 * An origin: `node origin.ts <latitude> <longitude> <port>`, a process of its own, so that it can be killed and stopped.
 * It answers as late as the edge that asks is far away. Over its IPC channel it says its port, how many requests it has
 * seen, and what it has done for a POST or PUT; it is told to be "reset", "slow" and "well", and says when it is; it ends
 * when the channel closes.
 */
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import type { Position } from "../../src/geo/position.ts";
import { draw } from "../load/draw.ts";
import { fieldsOf, piecesOf, rangeOf } from "./answering.ts";
import { answerOf, kindOf, pause, type Kind } from "./objects.ts";
import { delayBetween, locationField, type Saying, type Telling } from "./protocol.ts";

const [latitude, longitude, port] = process.argv.slice(2).map(Number) as [number, number, number];

let asked = 0;
let is: Telling = "well";
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
  await sleep(delayBetween([latitude, longitude], positionOf(headers[locationField])) + slowness(target));
  if (!kind) return void response.writeHead(404).end();
  // Long answers begin before they are reset, so that bodies break off, too.
  const cut = (): boolean => is === "reset" && kind.pieces === 1 && Boolean(request.socket.resetAndDestroy());
  if (cut()) return;
  await sleep(kind.work);
  if (cut()) return;
  if (kind.content > 0) say({ done: target });
  await send(answerOf(target, kind, content), { request, response, kind });
}

/** Milliseconds that everything takes longer, from 1,000 to 2,000, while it is slow. */
function slowness(target: string): number {
  return is === "slow" ? 1_000 + 1_000 * draw(port, target) : 0;
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

async function send(whole: Buffer, { request, response, kind }: Exchange): Promise<void> {
  const range = rangeOf(request, kind);
  const pieces = piecesOf(whole, kind, range);
  response.writeHead(range ? 206 : 200, fieldsOf(request.url!, kind, { range, length: whole.length }));
  if (request.method === "HEAD") return void response.end();
  for (const [index, piece] of pieces.entries()) {
    if (index > 0) await sleep(pause);
    if (is === "reset" && index > 0) return void request.socket.resetAndDestroy();
    if (index + 1 === pieces.length) response.end(piece);
    else response.write(piece);
  }
}

// Only what the program says is to break connections.
server.keepAliveTimeout = 600_000;
server.listen(port, "127.0.0.1", () => say({ port: (server.address() as AddressInfo).port }));
setInterval(() => say({ asked }), 50);

process.on("message", (telling: Telling) => {
  is = telling;
  if (is === "reset") for (const { socket } of underWay) socket.resetAndDestroy();
  say({ is });
});
process.on("disconnect", () => process.exit(0));
process.on("SIGINT", () => undefined); // Ctrl-C reaches the whole group; the channel says when to end
