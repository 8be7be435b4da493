/** Requests that only a client of one's own making can send, over the edge's own socket. */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { connect, type AddressInfo } from "node:net";
import { afterAll, beforeAll, expect, test } from "vitest";
import { end, start, type StartedCli } from "./cli.ts";

let origin: Server;
let edge: StartedCli;
/** Bodies of the requests that reached the origin, by target. */
const reached = new Map<string, string[]>();

beforeAll(async () => {
  origin = createServer((request, response) => void answer(request, response));
  await new Promise<void>((resolve) => origin.listen(0, "127.0.0.1", resolve));
  edge = await start("--origin", `http://127.0.0.1:${(origin.address() as AddressInfo).port}`);
});
afterAll(async () => {
  await end(edge);
  origin.closeAllConnections();
  origin.close();
});

/** Like a server that takes what is in a body for parameters of the query. */
async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const body = Buffer.concat(await request.toArray()).toString();
  reached.set(request.url!, [...(reached.get(request.url!) ?? []), body]);
  response.writeHead(200, { "cache-control": "max-age=60" }).end(body || "clean");
}

/** Sends these lines as they are, and gives back all that comes; the connection is closed after the answer. */
function send(target: string, lines: readonly string[] = [], body = ""): Promise<string> {
  const { hostname, port } = new URL(edge.url);
  return new Promise((resolve, reject) => {
    let received = "";
    const socket = connect(Number(port), hostname);
    socket.setEncoding("latin1").on("data", (text) => (received += text));
    socket.on("close", () => resolve(received)).on("error", reject);
    const head = [`GET ${target} HTTP/1.1`, `Host: ${hostname}:${port}`, "Connection: close", ...lines];
    socket.write(`${head.join("\r\n")}\r\n\r\n${body}`, "latin1");
  });
}

const statusOf = (answer: string): number => Number(answer.split(" ")[1]);
const bodyOf = (answer: string): string => answer.slice(answer.indexOf("\r\n\r\n") + 4);

test.for<[how: string, lines: readonly string[], body: string]>([
  ["of told length", ["Content-Length: 4"], "evil"],
  ["in chunks", ["Transfer-Encoding: chunked"], "4\r\nevil\r\n0\r\n\r\n"],
])("content of a GET, %s, is no part of what others get", async ([how, lines, body]) => {
  const target = `/fat?${encodeURIComponent(how)}`;
  await send(target, lines, body);
  for (const visit of ["first", "second"]) expect(bodyOf(await send(target)), visit).toContain("clean");
  expect(reached.get(target), "the attacker's, and one that is kept").toHaveLength(2);
});

test.for<[what: string, line: string, status: number]>([
  ["a bell", "X-Any: a\u0007b", 400],
  ["a DEL", "X-Any: a\u007fb", 400],
  ["an escape", "Cookie: \u001b[0m", 400],
  ["another method", "X-HTTP-Method-Override: DELETE", 400],
  ["another method with an underscore", "X_HTTP_Method: PUT", 400],
  ["a large field", `X-Any: ${"x".repeat(8192)}`, 431],
])("%s is refused, also where the answer is stored, and never reaches the origin", async ([what, line, status]) => {
  const target = `/odd?${encodeURIComponent(what)}`;
  expect(statusOf(await send(target, [line]))).toBe(status);
  expect(reached.has(target)).toBe(false);
  expect(bodyOf(await send(target))).toContain("clean");
  expect(statusOf(await send(target, [line]))).toBe(status);
  expect(reached.get(target)).toHaveLength(1);
});
