/**
 * Requests that two servers on the way might take for different ones, over the edge's own socket: to where the first one ends, whom
 * it is for, with which method, and what of its fields counts.
 */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { connect, type Socket } from "node:net";
import { setTimeout as pause } from "node:timers/promises";
import { beforeEach, describe, expect, test } from "vitest";
import { waitFor } from "./cli.ts";
import { startBefore } from "./started-edge.ts";

interface Reached {
  readonly method: string | undefined;
  readonly url: string | undefined;
  readonly headers: IncomingMessage["headers"];
  readonly body: string;
}
let reached: Reached[] = [];
beforeEach(() => {
  reached = [];
});

const origin: Server = createServer((request, response) => void answer(request, response));

async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const { method, url, headers } = request;
  if (url === "/early") return answerEarly(request, response);
  const body = await request.toArray().then(
    (chunks) => Buffer.concat(chunks as Buffer[]).toString(),
    () => "broken off",
  );
  reached.push({ method, url, headers, body });
  response.writeHead(200, { "cache-control": "no-store" }).end("page");
}

/** Doesn't wait for what it refuses, and takes its time. */
async function answerEarly(request: IncomingMessage, response: ServerResponse): Promise<void> {
  request.resume();
  response.writeHead(413, { "cache-control": "no-store" }).write("too ");
  await pause(500);
  response.end("large");
}

const edge = startBefore(
  origin,
  `
    SITES = [
      { hosts = ["www.example.com"] },
      { hosts = ["read.example.com"], methods = ["GET", "HEAD"] },
      { hosts = ["dav.example.com"], methods = ["GET", "PROPFIND", "PURGE"] },
    ]
    `,
);

/** Sends these bytes and gives back all that comes until the edge closes, as it is asked to. */
function exchange(text: string, then?: (socket: Socket) => unknown): Promise<string> {
  const { hostname, port } = new URL(edge().url);
  return new Promise((resolve, reject) => {
    let received = "";
    const socket = connect(Number(port), hostname);
    socket.setEncoding("latin1").on("data", (more) => (received += more));
    socket.on("close", () => resolve(received)).on("error", reject);
    socket.write(text, "latin1");
    void then?.(socket);
  });
}

const statusesOf = (text: string): readonly number[] =>
  [...text.matchAll(/^HTTP\/1\.1 (\d{3})/gm)].map(([, status]) => Number(status)).filter((status) => status >= 200);

const crlf = (lines: readonly string[]): string => lines.map((line) => `${line}\r\n`).join("");

/** What an attacker hides behind a request; it is answered only when it counts as one. */
const next = crlf(["GET /next HTTP/1.1", "Host: www.example.com", "Connection: close", ""]);

/** A POST with these lines, followed by that body and the next request. */
const post = (lines: readonly string[], body: string): Promise<string> =>
  exchange(crlf(["POST /first HTTP/1.1", "Host: www.example.com", ...lines, ""]) + body + next);

const get = (lines: readonly string[], host = "www.example.com", method = "GET"): Promise<string> =>
  exchange(crlf([`${method} /first HTTP/1.1`, `Host: ${host}`, "Connection: close", ...lines, ""]));

const empty = "0\r\n\r\n";
const chunks = "4\r\nbody\r\n0\r\n\r\n";

describe("where a request ends", () => {
  test.for<[what: string, lines: readonly string[], body: string]>([
    ["two lengths", ["Content-Length: 4", "Content-Length: 5"], "body"],
    ["a list of lengths", ["Content-Length: 4, 4"], "body"],
    ["a length with a sign", ["Content-Length: +4"], "body"],
    ["a negative length", ["Content-Length: -4"], "body"],
    ["a hexadecimal length", ["Content-Length: 0x4"], "body"],
    ["an empty length", ["Content-Length: "], "body"],
    ["a length with a unit", ["Content-Length: 4b"], "body"],
    ["a length beyond all numbers", ["Content-Length: 99999999999999999999"], "body"],
    ["a space before the colon of the length", ["Content-Length : 4"], "body"],
    ["a space before the colon of the coding", ["Transfer-Encoding : chunked"], empty],
    ["two codings", ["Transfer-Encoding: chunked", "Transfer-Encoding: identity"], empty],
    ["a coding that isn't there any more", ["Transfer-Encoding: identity"], ""],
    ["a coding that nobody knows", ["Transfer-Encoding: xchunked"], empty],
    ["chunked not last", ["Transfer-Encoding: chunked, gzip"], empty],
    ["a vertical tab before the coding", ["Transfer-Encoding: \u000bchunked"], empty],
    ["a coding on a folded line", ["Transfer-Encoding:", " chunked"], empty],
    ["a NUL in the coding", ["Transfer-Encoding: chunked\0"], empty],
    ["a bare CR", ["X-Any: a\rTransfer-Encoding: chunked"], empty],
  ])("%s is refused, and with it what comes behind", async ([, lines, body]) => {
    expect(statusesOf(await post(lines, body))).toEqual([400]);
    expect(reached).toEqual([]);
  });

  test.for<[lines: readonly string[]]>([
    [["Transfer-Encoding: gzip, chunked"]],
    [["Transfer-Encoding: chunked", "Transfer-Encoding: chunked"]],
  ])(
    "%j is refused, because of one coding only chunks are undone, and what comes behind is another request",
    async ([lines]) => {
      const received = await post(lines, chunks);
      expect(statusesOf(received)).toEqual([501, 200]);
      expect(received).toContain("The request's transfer coding is not understood.");
      expect(reached.map(({ url }) => url)).toEqual(["/next"]);
    },
  );

  test.for<[lines: readonly string[]]>([
    [["Content-Length: 4", "Transfer-Encoding: chunked"]],
    [["Transfer-Encoding: chunked", "Content-Length: 4"]],
  ])("of %j the chunks count, for the origin too, and nothing that comes behind", async ([lines]) => {
    expect(statusesOf(await post(lines, chunks))).toEqual([200]);
    expect(reached.map(({ url, body }) => [url, body])).toEqual([["/first", "body"]]);
    const { headers } = reached[0]!;
    expect([headers["transfer-encoding"], headers["content-length"]].filter(Boolean)).toHaveLength(1);
  });

  test.for<[what: string, lines: readonly string[], body: string]>([
    ["a length", ["Content-Length: 4"], "body"],
    ["a length that is said twice", ["Content-Length: 4", "Content-Length: 4"], "body"],
    ["chunks", ["Transfer-Encoding: chunked"], chunks],
    ["chunks, spelled otherwise", ["Transfer-Encoding: CHUNKED"], chunks],
    ["chunks with an extension", ["Transfer-Encoding: chunked"], "4;a=b\r\nbody\r\n0\r\n\r\n"],
    ["chunks and a trailer", ["Transfer-Encoding: chunked"], "4\r\nbody\r\n0\r\nX-Forwarded-For: 1\r\n\r\n"],
    ["a length, and a coding with an underscore", ["Content-Length: 4", "Transfer_Encoding: chunked"], "body"],
    ["a length, and one with an underscore", ["Content-Length: 4", "Content_Length: 0"], "body"],
  ])("%s: two requests, to the edge and to the origin", async ([, lines, body]) => {
    expect(statusesOf(await post(lines, body))).toEqual([200, 200]);
    expect(reached.map((each) => [each.method, each.url, each.body])).toEqual([
      ["POST", "/first", "body"],
      ["GET", "/next", ""],
    ]);
    const { headers } = reached[0]!;
    expect(Object.keys(headers)).not.toEqual(expect.arrayContaining([expect.stringContaining("_")]));
    expect(headers["x-forwarded-for"]).not.toBe("1");
    expect([headers["transfer-encoding"], headers["content-length"]].filter(Boolean)).toHaveLength(1);
  });

  test.for<[what: string, body: string]>([
    ["a size with a prefix", "0x4\r\nbody\r\n0\r\n\r\n"],
    ["a size beyond all numbers", "ffffffffffffffff4\r\nbody\r\n0\r\n\r\n"],
    ["a negative size", "-4\r\nbody\r\n0\r\n\r\n"],
    ["bare line feeds", "4\nbody\n0\n\n"],
    ["a chunk longer than its size", "2\r\nbody\r\n0\r\n\r\n"],
  ])("chunks with %s are no whole body to the origin, and nothing comes behind", async ([, body]) => {
    const statuses = statusesOf(await post(["Transfer-Encoding: chunked"], body));
    expect(statuses.length).toBeLessThanOrEqual(1);
    expect(statuses[0] ?? 400).toBeGreaterThanOrEqual(400);
    expect(reached.filter((each) => each.url === "/next" || each.body !== "broken off")).toEqual([]);
  });

  test("a coding in HTTP/1.0 is refused", async () => {
    const lines = ["POST /first HTTP/1.0", "Host: www.example.com", "Transfer-Encoding: chunked", ""];
    expect(statusesOf(await exchange(crlf(lines) + empty + next))).toEqual([400]);
    expect(reached).toEqual([]);
  });
});

test("an answer that comes before its request's content is over arrives whole", async () => {
  const lines = [
    "POST /early HTTP/1.1",
    "Host: www.example.com",
    "Connection: close",
    "Transfer-Encoding: chunked",
    "",
  ];
  const received = await exchange(`${crlf(lines)}4\r\nsome\r\n`, async (socket) => {
    await pause(200);
    socket.write("4\r\nmore\r\n".repeat(50_000) + empty);
  });
  expect(received).toMatch(/too \r\n5\r\nlarge\r\n0/);
});

test.for<[how: string, lines: readonly string[], body: string]>([
  ["of told length", ["Content-Length: 200000"], "half of it"],
  ["in chunks", ["Transfer-Encoding: chunked"], "4\r\nhalf\r\n"],
])("content %s whose client leaves in the middle is no whole body to the origin", async ([, lines, body]) => {
  await exchange(crlf(["POST /first HTTP/1.1", "Host: www.example.com", ...lines, ""]) + body, async (socket) => {
    await pause(200);
    socket.destroy();
  });
  await waitFor(
    () => reached.length > 0,
    () => "the origin never heard the end of it",
  );
  expect(reached).toMatchObject([{ url: "/first", body: "broken off" }]);
});

describe("whom it is for", () => {
  test.for<[what: string, host: string]>([
    ["two Hosts", "www.example.com\r\nHost: other.example"],
    ["the same Host twice", "www.example.com\r\nHost: www.example.com"],
    ["no Host", ""],
    ["a Host with a name and password", "u:p@www.example.com"],
    ["a Host with a path", "www.example.com/x"],
    ["a Host with a query", "www.example.com?x"],
    ["a Host with two ports", "www.example.com:80:80"],
    ["a list of Hosts", "www.example.com, other.example"],
    ["a Host on two lines", "www.example.com\r\n other.example"],
    ["a Host with a space in it", "www.example.com other.example"],
    ["a Host with a backslash", "www.example.com\\other.example"],
    ["an escaped slash in the Host", "www.example.com%2fx"],
  ])("%s is refused", async ([, host]) => {
    expect(statusesOf(await get([], host))).toEqual([400]);
    expect(reached).toEqual([]);
  });

  test("a Host of no site is refused, by whatever other field names one", async () => {
    const claims = ["X-Forwarded-Host: www.example.com", "X-Host: www.example.com", "Forwarded: host=www.example.com"];
    expect(statusesOf(await get(claims, "other.example"))).toEqual([421]);
    expect(reached).toEqual([]);
  });

  test.for(["www.example.com", "WWW.Example.COM", "www.example.com.", "www.example.com:80", "www%2eexample.com"])(
    "Host: %s is www.example.com, to the origin too",
    async (host) => {
      expect(statusesOf(await get([], host))).toEqual([200]);
      expect(reached).toMatchObject([{ headers: { "x-forwarded-host": "www.example.com" } }]);
    },
  );

  test.for(["http://other.example/first", "http://u:p@other.example/first", "HTTPS://other.example/first"])(
    "of %s as target the platform shows the path alone: the Host decides",
    async (target) => {
      const lines = [`GET ${target} HTTP/1.1`, "Host: www.example.com", "Connection: close", ""];
      expect(statusesOf(await exchange(crlf(lines)))).toEqual([200]);
      expect(reached).toMatchObject([{ url: "/first", headers: { "x-forwarded-host": "www.example.com" } }]);
    },
  );

  test.for(["GET", "OPTIONS"])("%s * is for no site", async (method) => {
    const lines = [`${method} * HTTP/1.1`, "Host: www.example.com", "Connection: close", ""];
    expect(statusesOf(await exchange(crlf(lines)))).toEqual([400]);
    expect(reached).toEqual([]);
  });
});

describe("with which method", () => {
  const usual = "GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS";

  test.for<[method: string, host: string, allow: string]>([
    ["TRACE", "www.example.com", usual],
    ["PROPFIND", "www.example.com", usual],
    ["PURGE", "www.example.com", usual],
    ["POST", "read.example.com", "GET, HEAD"],
    ["OPTIONS", "read.example.com", "GET, HEAD"],
    ["DELETE", "dav.example.com", "GET, PROPFIND, PURGE"],
    ["HEAD", "dav.example.com", "GET, PROPFIND, PURGE"],
  ])("%s is none of %s, which has %s", async ([method, host, allow]) => {
    const received = await get(method === "POST" ? ["Content-Length: 0"] : [], host, method);
    expect(statusesOf(received)).toEqual([405]);
    expect(received).toMatch(new RegExp(`^allow: ${allow}\r$`, "im"));
    expect(received).toMatch(/^cache-status: perigee; detail=method-not-allowed\r$/im);
    expect(reached).toEqual([]);
  });

  test.for(["TRACK", "CONNECT", "get", "FOO"])("%s is none that the platform takes", async (method) => {
    expect(statusesOf(await get([], "www.example.com", method))[0]).toBeGreaterThanOrEqual(400);
    expect(reached).toEqual([]);
  });

  test.for<[method: string, host: string]>([
    ["GET", "read.example.com"],
    ["HEAD", "read.example.com"],
    ["DELETE", "www.example.com"],
    ["PROPFIND", "dav.example.com"],
    ["PURGE", "dav.example.com"],
  ])("%s is one of %s", async ([method, host]) => {
    expect(statusesOf(await get([], host, method))).toEqual([200]);
    expect(reached).toMatchObject([{ method }]);
  });

  test.for([
    "X-HTTP-Method-Override: TRACE",
    "X-HTTP-Method: DELETE",
    "X-Method-Override: PUT",
    "x_method_override: PUT",
  ])("%s is refused", async (line) => {
    expect(statusesOf(await get([line]))).toEqual([400]);
    expect(reached).toEqual([]);
  });
});

describe("fields that are for one connection", () => {
  test.for([
    "X-Forwarded-For",
    "X-Forwarded-Host",
    "X-Forwarded-Proto",
    "Forwarded",
    "Via",
    "CDN-Loop",
    "Accept-Encoding",
    "Host",
  ])("Connection: %s takes nothing from what the edge writes", async (name) => {
    const received = await exchange(
      crlf(
        ["GET /first HTTP/1.1", "Host: www.example.com", `Connection: close, ${name}`, `${name}: evil`, ""].filter(
          (line) => line !== "Host: evil",
        ),
      ),
    );
    expect(statusesOf(received)).toEqual([200]);
    const written = String(reached[0]!.headers[name.toLowerCase()] ?? "");
    expect(written).not.toBe("");
    if (name !== "Via" && name !== "CDN-Loop") expect(written).not.toContain("evil");
  });

  test.for([
    "Authorization: Basic eDp5",
    "Cookie: session=1",
    'If-None-Match: "1"',
    "Range: bytes=0-1",
    "Cache-Control: no-cache",
  ])("nor %s from the origin", async (line) => {
    const [name, value] = line.split(": ", 2) as [string, string];
    await exchange(
      crlf([
        "POST /first HTTP/1.1",
        "Host: www.example.com",
        `Connection: close, ${name}`,
        line,
        "Content-Length: 0",
        "",
      ]),
    );
    expect(reached).toMatchObject([{ headers: { [name.toLowerCase()]: value } }]);
  });

  test("what else it names, and all that is for one connection, goes no further", async () => {
    const lines = [
      "X-Secret: 1",
      "Keep-Alive: timeout=5",
      "TE: trailers",
      "Proxy-Connection: close",
      "Upgrade: h2c",
      "HTTP2-Settings: x",
    ];
    await exchange(crlf(["GET /first HTTP/1.1", "Host: www.example.com", "Connection: close, X-Secret", ...lines, ""]));
    const names = Object.keys(reached[0]!.headers);
    for (const line of lines) expect(names).not.toContain(line.split(":", 1)[0]!.toLowerCase());
  });
});

test.for<[what: string, target: string, lines: readonly string[], status: number]>([
  ["a URL over the limit", `/${"a".repeat(16_384)}`, [], 414],
  ["a URL that the platform takes no more", `/${"a".repeat(140_000)}`, [], 414],
  ["a query over the limit", `/?${"a".repeat(16_384)}`, [], 414],
  ["escapes over the limit, as often encoded as there is room", `/%${"25".repeat(30_000)}`, [], 414],
  ["a field over the limit", "/", [`X-Any: ${"a".repeat(8_192)}`], 431],
  ["many fields", "/", Array.from({ length: 200 }, (_, index) => `X-${index}: 1`), 431],
  ["a field of 100 KB", "/", [`Cookie: ${"a".repeat(100_000)}`], 431],
])("%s is refused", async ([, target, lines, status]) => {
  const head = [`GET ${target} HTTP/1.1`, "Host: www.example.com", "Connection: close", ...lines, ""];
  expect(statusesOf(await exchange(crlf(head)))).toEqual([status]);
  expect(reached).toEqual([]);
});
