/**
 * Real HTTP origins on loopback, for tests that run inside workerd. Each script has a base path of its own
 * (`/<script>/…`), so that tests share the servers without seeing each other.
 *
 *     PUT  /.script/<script>?path=/a   body: OriginAnswer[]   the answers for /<script>/a, in order; the last repeats
 *     GET  /.seen/<script>             SeenRequest[]
 *
 * Every path takes WebSockets, and sends back what it gets.
 */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import type { TestProject } from "vitest/node";
import { echo } from "./echo-socket.ts";
import type { OriginAnswer, SeenRequest } from "./origin-answer.ts";

const names = ["frankfurt", "virginia", "singapore"];

/** vitest's global set-up: the origins live as long as the run. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const servers = await Promise.all(names.map(() => listen(createOrigin())));
  const closed = await listen(createServer());
  const ports = Object.fromEntries(names.map((name, index) => [name, portOf(servers[index]!)]));
  project.provide("originPorts", { ...ports, nobody: portOf(closed) });
  await close(closed);
  return async () => {
    await Promise.all(servers.map(close));
  };
}

function createOrigin(): Server {
  const scripts = new Map<string, Script>();
  const scriptOf = (name: string): Script => {
    const script = scripts.get(name) ?? { answers: new Map(), seen: [] };
    scripts.set(name, script);
    return script;
  };
  const server = createServer((request, response) => {
    const url = new URL(request.url!, "http://origin");
    const [, first, second] = url.pathname.split("/");
    if (first === ".script") void script(request, response, scriptOf(second!), url.searchParams.get("path")!);
    else if (first === ".seen") response.end(JSON.stringify(scriptOf(second!).seen));
    else {
      const played = play(request, response, scriptOf(first!), request.url!.slice(first!.length + 1));
      // Writing to an edge that is gone may throw, which must end no run of tests; whatever else does breaks the answer off.
      played.catch(() => response.destroy());
    }
  });
  server.on("upgrade", (request, socket) => {
    const [, first] = request.url!.split("/");
    see(scriptOf(first!), request, request.url!.slice(first!.length + 1), 0);
    echo(request, socket);
  });
  return server;
}

interface Script {
  readonly answers: Map<string, OriginAnswer[]>;
  readonly seen: SeenRequest[];
}

async function script(request: IncomingMessage, response: ServerResponse, to: Script, path: string): Promise<void> {
  to.answers.set(path, JSON.parse(Buffer.concat(await request.toArray()).toString()));
  response.end();
}

async function play(request: IncomingMessage, response: ServerResponse, from: Script, target: string): Promise<void> {
  let bodyBytes = 0;
  for await (const chunk of request) bodyBytes += (chunk as Buffer).length;
  see(from, request, target, bodyBytes);

  const answer = nextAnswer(from, target);
  const { delay = 0, slows = 0 } = answer;
  if (delay + slows > 0) await wait(delay + slows * (from.seen.length - 1));
  if (answer.stalls === "before") return;
  if (answer.breaks === "before") return void request.socket.destroy();
  if (answer.breaks === "reset") return void request.socket.resetAndDestroy();

  const headers = Array.isArray(answer.headers) ? answer.headers : Object.entries(answer.headers ?? {});
  for (const [name, value] of headers as [string, string][]) response.appendHeader(name, value);
  const part = answer.ranges ? partOf(rangeOf(request, response), answer.bytes!) : undefined;
  const { first, last } = part ?? { first: 0, last: answer.bytes! - 1 };
  const isInChunks = answer.breaks === "end" || answer.stalls === "end";
  if (answer.ranges && !isInChunks) setUnlessTold(response, "content-length", `${last - first + 1}`);
  if (part) setUnlessTold(response, "content-range", `bytes ${first}-${last}/${answer.bytes}`);
  response.writeHead(answer.status ?? (part ? 206 : 200));
  if (request.method === "HEAD") return void response.end();
  response.flushHeaders();
  await send(response, answer, part);
}

/** What is told by the script may be a lie. */
function setUnlessTold(response: ServerResponse, name: string, value: string): void {
  if (!response.hasHeader(name)) response.setHeader(name, value);
}

/** Of what is scripted for that path and query, else for the path. */
function nextAnswer({ answers: byPath, seen }: Script, target: string): OriginAnswer {
  const answers = byPath.get(target) ?? byPath.get(target.split("?")[0]!) ?? [{ status: 404, body: "no script\n" }];
  const answer = answers.length > 1 ? answers.shift()! : answers[0]!;
  return answer.failsEvery && seen.length % answer.failsEvery === 0 ? { status: 503, body: "busy\n" } : answer;
}

function see({ seen }: Script, { method, headers }: IncomingMessage, target: string, bodyBytes: number): void {
  seen.push({ method: method!, target, headers: headers as Record<string, string>, bodyBytes });
}

function wait(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

interface Part {
  readonly first: number;
  readonly last: number;
}

/** What the request asks for, unless the answer is of another version than it knows. */
function rangeOf({ headers }: IncomingMessage, response: ServerResponse): string | undefined {
  const { range, "if-range": version } = headers;
  return version === undefined || version === response.getHeader("etag") ? range : undefined;
}

/** The one range asked for; undefined when there is none, or nothing of it. */
function partOf(range: string | undefined, bytes: number): Part | undefined {
  const [, from, to, suffix] = /^bytes=(?:(\d+)-(\d*)|-(\d+))$/.exec(range ?? "") ?? [];
  const first = suffix === undefined ? Number(from) : Math.max(0, bytes - Number(suffix));
  const last = Math.min(bytes - 1, to ? Number(to) : bytes);
  return first <= last ? { first, last } : undefined;
}

function* bodyOf({ body = "", base64, bytes }: OriginAnswer, part?: Part): Generator<Buffer> {
  if (base64 !== undefined) return yield Buffer.from(base64, "base64");
  if (bytes === undefined) return yield* [body].flat().map((piece) => Buffer.from(piece));
  const end = part ? part.last + 1 : bytes;
  for (let at = part?.first ?? 0; at < end; at += chunk) {
    const start = at % period;
    yield pattern.subarray(start, start + Math.min(chunk, end - at));
  }
}

const chunk = 65_536;
const period = 251;
/** Long enough for a chunk that begins anywhere in the period. */
const pattern = Buffer.from(Array.from({ length: chunk + period }, (_, index) => index % period));

async function send(response: ServerResponse, answer: OriginAnswer, range?: Part): Promise<void> {
  let left = [answer.breaks, answer.stalls].find((each) => typeof each === "number") ?? Number.POSITIVE_INFINITY;
  for (const piece of bodyOf(answer, range)) {
    if (answer.pause) await wait(answer.pause);
    const part = piece.subarray(0, left);
    left -= part.length;
    if (!response.write(part)) await new Promise((resolve) => response.once("drain", resolve));
    if (left > 0) continue;
    if (answer.stalls === undefined) response.destroy();
    return;
  }
  if (answer.stalls === "end") return;
  if (answer.breaks === "end") response.socket!.end();
  else response.end();
}

async function listen(server: Server): Promise<Server> {
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return server;
}

function portOf(server: Server): number {
  return (server.address() as AddressInfo).port;
}

async function close(server: Server): Promise<void> {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
}
