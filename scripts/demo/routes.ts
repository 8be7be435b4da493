/** What an origin of the demo serves. */
import type { IncomingMessage, ServerResponse } from "node:http";
import { setTimeout as pause } from "node:timers/promises";
import { sendBytes } from "./bytes.ts";
import { indexPage, longPage, stylesheet } from "./pages.ts";

/** One request, with what every route wants to know of it. */
export interface Exchange {
  readonly origin: string;
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly url: URL;
  /** What the last segment of the path says: the NNN of `/status/NNN`. */
  readonly argument: string;
}

type Route = (exchange: Exchange) => void | Promise<void>;

/** First segment of the path → what it serves. */
const routes: Readonly<Record<string, Route>> = {
  "": index,
  echo,
  "page.html": page,
  "asset.css": asset,
  slow,
  status,
  bytes: sendBytes,
  private: personal,
  events,
};

/** Rejects when the client goes away in the middle of a body. */
export async function answer(origin: string, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const url = new URL(request.url ?? "/", `http://${request.headers.host ?? "origin.invalid"}`);
  const [, first = "", argument = ""] = url.pathname.split("/");
  // Talkative on purpose: the edge hides these two.
  response.setHeader("server", `demo-origin/${origin}`);
  response.setHeader("x-powered-by", "Node.js");
  const route = Object.hasOwn(routes, first) ? routes[first]! : missing;
  await route({ origin, request, response, url, argument });
}

function index({ origin, response }: Exchange): void {
  send(response, 200, { "content-type": "text/html; charset=utf-8", "cache-control": "no-cache" }, indexPage(origin));
}

function missing({ response }: Exchange): void {
  send(response, 404, { "content-type": "text/plain", "cache-control": "no-store" }, "Not found\n");
}

/** Tells what it was asked; the body is counted as it comes and not kept. */
async function echo({ origin, request, response }: Exchange): Promise<void> {
  let bodyBytes = 0;
  for await (const chunk of request) bodyBytes += (chunk as Buffer).length;
  const { method, url, headers } = request;
  const seen = { origin, method, url, headers, bodyBytes };
  const json = `${JSON.stringify(seen, null, 2)}\n`;
  send(response, 200, { "content-type": "application/json", "cache-control": "no-store" }, json);
}

function page({ origin, request, response }: Exchange): void {
  const { localAddress, localPort } = request.socket;
  const headers = { "content-type": "text/html; charset=utf-8", "cache-control": "public, max-age=60" };
  send(response, 200, headers, longPage(origin, `http://${localAddress}:${localPort}`));
}

const cssModified = "Sun, 01 Feb 2026 00:00:00 GMT";

/** Cacheable for an hour; a conditional request is answered 304 (RFC 9110 §13.2.2). */
function asset({ request, response, url }: Exchange): void {
  const version = url.searchParams.get("v") ?? "1";
  const etag = `"css-${encodeURIComponent(version)}"`;
  const headers = { "cache-control": "public, max-age=3600", etag, "last-modified": cssModified };
  if (isUnchanged(request, etag)) send(response, 304, headers, "");
  else send(response, 200, { ...headers, "content-type": "text/css" }, stylesheet(version));
}

function isUnchanged({ headers }: IncomingMessage, etag: string): boolean {
  const known = headers["if-none-match"];
  if (known !== undefined)
    return known === "*" || known.split(",").some((tag) => tag.trim().replace("W/", "") === etag);
  return Date.parse(headers["if-modified-since"] ?? "") >= Date.parse(cssModified);
}

async function slow({ response, url }: Exchange): Promise<void> {
  const asked = Number(url.searchParams.get("ms") ?? 1000);
  const ms = asked >= 0 ? Math.min(asked, 600_000) : 0;
  await pause(ms);
  send(response, 200, { "content-type": "text/plain", "cache-control": "no-store" }, `after ${ms} ms\n`);
}

function status({ response, argument }: Exchange): void {
  const code = /^[2-5]\d\d$/.test(argument) ? Number(argument) : 400;
  const location: Record<string, string> = code >= 300 && code < 400 && code !== 304 ? { location: "/" } : {};
  const body = code === 204 || code === 304 ? "" : `status ${code}\n`;
  send(response, code, { "content-type": "text/plain", "cache-control": "no-store", ...location }, body);
}

function personal({ response }: Exchange): void {
  response.setHeader("set-cookie", ["session=demo; Path=/; HttpOnly", "theme=dark; Path=/"]);
  send(response, 200, { "content-type": "text/plain", "cache-control": "private, max-age=60" }, "for you alone\n");
}

/** Server-sent events: one at once, then one a second, until the client goes. */
function events({ response }: Exchange): void {
  response.writeHead(200, { "content-type": "text/event-stream", "cache-control": "no-store" });
  let id = 0;
  const tick = (): void => void response.write(`id: ${(id += 1)}\ndata: ${new Date().toISOString()}\n\n`);
  tick();
  const timer = setInterval(tick, 1000);
  response.on("close", () => clearInterval(timer));
}

/** A whole answer; HEAD gets the same header without the body. */
function send(response: ServerResponse, code: number, headers: Record<string, string>, body: string): void {
  const length: Record<string, number> =
    body === "" && (code === 204 || code === 304) ? {} : { "content-length": Buffer.byteLength(body) };
  response.writeHead(code, { ...headers, ...length });
  response.end(body);
}
