/** The origin of the cases: plays the answers of the case whose URL is asked for, and records what it saw. */
import { once } from "node:events";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { setTimeout as pause } from "node:timers/promises";
import { written, type Exchange } from "./case.ts";

/** One request as it reached the origin. */
export interface Seen {
  readonly method: string;
  readonly headers: IncomingMessage["headers"];
  /** Which request of the client this is, from 1. */
  readonly number: number;
  /** Milliseconds since the epoch. */
  readonly at: number;
  /** What was answered: fields that the client must see too. */
  readonly answered: readonly (readonly [name: string, value: string])[];
}

/** The origin's side of a case that is being played. */
export interface Script {
  readonly exchanges: readonly Exchange[];
  /** The edge's URL of the case, for fields that hold a full one. */
  readonly url: string;
  readonly seen: Seen[];
  lastModified?: string | undefined;
  etag?: string | undefined;
}

export interface CaseOrigin {
  readonly url: string;
  /** By the first segment of the path. */
  readonly scripts: Map<string, Script>;
  readonly close: () => Promise<void>;
}

/** @param port on 127.0.0.1; 0 for any that is free. Rejects when it is taken. */
export async function startCaseOrigin(port = 0): Promise<CaseOrigin> {
  const scripts = new Map<string, Script>();
  const server = createServer((request, response) => {
    const script = scripts.get(request.url!.split(/[/?]/)[1]!);
    if (script) void play(request, response, script);
    else response.writeHead(404).end();
  });
  server.listen(port, "127.0.0.1");
  await once(server, "listening");
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, scripts, close: () => close(server) };
}

async function play(request: IncomingMessage, response: ServerResponse, script: Script): Promise<void> {
  for await (const _ of request);
  const number = Number(request.headers["req-num"] ?? 0);
  const exchange = script.exchanges[number - 1] ?? {};
  const now = Date.now();
  const fields = (exchange.response_headers ?? []).map((header) => {
    const [name, value] = written(header, now, exchange.rfc850date);
    const isLocation = exchange.magic_locations && /^(content-)?location$/i.test(name);
    return [name, isLocation ? new URL(value, `${script.url}/`).href : value, header[2] !== false] as const;
  });
  const answered = fields.filter(([, , checked]) => checked).map(([name, value]) => [name, value] as const);
  script.seen.push({ method: request.method!, headers: request.headers, number, at: now, answered });

  if (exchange.response_pause) await pause(exchange.response_pause * 1000);
  if (exchange.disconnect) return void request.socket.destroy();
  for (const [code, headers = []] of exchange.interim_responses ?? []) interim(response, code, headers);

  for (const [name, value] of fields) response.appendHeader(name, Buffer.from(value).toString("latin1"));
  response.setHeader("server-request-count", String(script.seen.length));
  response.setHeader("client-request-count", String(number));
  if (!response.hasHeader("content-type")) response.setHeader("content-type", "text/plain");
  const [status, phrase] = statusOf(request, exchange, script);
  const remembered = (name: string): string | undefined => fields.find(([field]) => field.toLowerCase() === name)?.[1];
  script.lastModified = remembered("last-modified");
  script.etag = remembered("etag");
  // Without `writeHead`, Node adds the Content-Length, as it does for the public suite's own server.
  Object.assign(response, { statusCode: status, statusMessage: phrase });
  // As bytes: with a text, Node would send the fields in the text's encoding.
  const body = status === 304 || exchange.response_body === null ? "" : bodyOf(exchange, script);
  response.end(Buffer.from(body));
}

/** A conditional request that a case expects is answered 304; without it, 999 tells that it was missing. */
function statusOf(request: IncomingMessage, exchange: Exchange, script: Script): readonly [number, string] {
  const { expected_type: type } = exchange;
  if (type === "etag_validated" || type === "lm_validated") {
    const validates =
      type === "etag_validated"
        ? request.headers["if-none-match"] === script.etag
        : request.headers["if-modified-since"] === script.lastModified;
    return validates ? [304, "Not Modified"] : [999, "304 Not Generated"];
  }
  return exchange.response_status ?? [200, "OK"];
}

/** The id of the case, 36 characters, unless the case says what it is. */
export function bodyOf(exchange: Exchange, script: Pick<Script, "url">): string {
  return exchange.response_body ?? new URL(script.url).pathname.slice(1);
}

function interim(
  response: ServerResponse,
  code: number,
  headers: readonly (readonly [string, unknown, boolean?])[],
): void {
  const lines = headers.map(([name, value]) => `${name}: ${String(value)}\r\n`).join("");
  response.socket?.write(`HTTP/1.1 ${code} Interim\r\n${lines}\r\n`);
}

async function close(server: Server): Promise<void> {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
}
