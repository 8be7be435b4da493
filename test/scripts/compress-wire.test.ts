/** What compression looks like on the wire: the Worker in workerd, read from a real socket. */
import { createServer, get, type IncomingHttpHeaders, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { setTimeout as pause } from "node:timers/promises";
import { brotliDecompressSync, gunzipSync, gzipSync, zstdDecompressSync } from "node:zlib";
import { convertV4MiniflareOptions, Miniflare } from "miniflare";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { bundleWorker } from "../../scripts/build.ts";
import { readCompatibility } from "../../scripts/start/wrangler-file.ts";

const css = "a { color: red }\n".repeat(2000);
const large = "b { color: blue; margin: 0 }\n".repeat(100_000);
const line = "<p>A line of a page that grows.</p>\n".repeat(40);

const decompress: Readonly<Record<string, (bytes: Buffer) => Buffer>> = {
  zstd: zstdDecompressSync,
  br: brotliDecompressSync,
  gzip: gunzipSync,
};

/** Path → what the origin answers there. */
const routes: Readonly<Record<string, (response: ServerResponse) => void | Promise<void>>> = {
  "/a.css": (response) =>
    send(response, { "content-type": "text/css", etag: '"v1"', "cache-control": "max-age=60" }, css),
  "/large.css": (response) => send(response, { "content-type": "text/css", "cache-control": "no-store" }, large),
  "/packed.css": (response) =>
    send(
      response,
      { "content-type": "text/css", "content-encoding": "gzip", "cache-control": "no-store" },
      gzipSync(css),
    ),
  "/cut.css": (response) => send(response, cutFields, gzipSync(css).subarray(0, -4)),
  "/cut-large.css": (response) => send(response, cutFields, gzipSync(large, { level: 0 }).subarray(0, 2_000_000)),
  "/growing": (response) => trickle(response, "text/html", [line, line, line]),
  "/events": (response) => trickle(response, "text/event-stream", ["data: 1\n\n", "data: 2\n\n", "data: 3\n\n"]),
};

const cutFields = { "content-type": "text/css", "content-encoding": "gzip", "cache-control": "max-age=60" };

let origin: Server;
let edge: Miniflare;
let address: string;

beforeAll(async () => {
  origin = createServer((request, response) => void (routes[request.url!] ?? missing)(response));
  await new Promise<void>((resolve) => origin.listen(0, "127.0.0.1", resolve));
  const url = `http://127.0.0.1:${(origin.address() as AddressInfo).port}`;
  const { code } = await bundleWorker({ minify: false });
  const { date, flags } = readCompatibility();
  edge = new Miniflare(
    convertV4MiniflareOptions({
      workers: [
        {
          name: "edge",
          modules: [{ type: "ESModule", path: "edge.mjs", contents: code }],
          compatibilityDate: date,
          compatibilityFlags: [...flags],
          bindings: {
            ORIGINS: [{ name: "one", url }],
            SITES: [{ hosts: ["*"] }],
            SETTINGS: { log: "none", trail: true },
          },
          unsafeDirectSockets: [{ host: "127.0.0.1", port: 0 }],
        },
      ],
      cf: false,
      port: 0,
    }),
  );
  await edge.ready;
  address = (await edge.unsafeGetDirectURL("edge")).href;
});

afterAll(async () => {
  await edge?.dispose();
  origin?.closeAllConnections();
  await new Promise((resolve) => origin.close(resolve));
});

describe("on the wire", () => {
  test.for(["zstd", "br", "gzip"])(
    "a stylesheet in %s decodes to what the origin sent: from the origin, from the cache, and from its stored form",
    async (coding) => {
      for (const from of ["origin", "cache", "form"]) {
        const { headers, body } =
          from === "form" ? await fetchedForm("/a.css", coding) : await fetched("/a.css", coding);
        expect(headers).toMatchObject({ "content-encoding": coding, vary: "Accept-Encoding", etag: 'W/"v1"' });
        if (from === "form") expect(headers["content-length"]).toBe(String(body.byteLength));
        expect(body.byteLength).toBeLessThan(css.length / 5);
        expect(decompress[coding]!(body).toString()).toBe(css);
      }
    },
  );

  test.for(["zstd", "br", "gzip"])("one that is too large to be encoded at once decodes too: %s", async (coding) => {
    const { headers, body } = await fetched("/large.css", coding);
    expect(headers["content-encoding"]).toBe(coding);
    expect(decompress[coding]!(body).toString()).toBe(large);
  });

  test.for([undefined, "identity"])(
    "who asks for no coding (%s) gets the bytes themselves, with their length",
    async (coding) => {
      const { headers, body } = await fetched("/a.css", coding);
      expect(headers["content-encoding"]).toBeUndefined();
      expect(headers["content-length"]).toBe(String(css.length));
      expect(body.toString()).toBe(css);
    },
  );

  test("a coded answer is passed on as it is to who accepts it, and decoded for who doesn't", async () => {
    expect(gunzipSync((await fetched("/packed.css", "gzip")).body).toString()).toBe(css);
    const plain = await fetched("/packed.css", "identity");
    expect([plain.headers["content-encoding"], plain.body.toString()]).toEqual([undefined, css]);
  });

  test("one that is cut is told to have failed, or breaks off where it has begun: from the origin, and from the cache", async () => {
    for (const from of ["origin", "cache"]) {
      const { status, body } = await fetched("/cut.css", "identity");
      expect([from, status, body.includes("color")]).toEqual([from, 502, false]);
      await expect(fetched("/cut-large.css", "identity")).rejects.toMatchObject({ message: "aborted" });
      expect((await fetched("/cut.css", "gzip")).body.byteLength).toBe(gzipSync(css).byteLength - 4);
    }
    expect((await fetched("/a.css", "identity")).status).toBe(200);
  });

  test("a part comes with its length", async () => {
    await fetched("/a.css", "identity");
    const { status, headers, body } = await fetched("/a.css", "br", { range: "bytes=100-299" });
    expect([status, headers["content-length"], headers["content-encoding"]]).toEqual([206, "200", undefined]);
    expect(body.toString()).toBe(css.slice(100, 300));
  });

  test.for(["zstd", "br", "gzip", "identity"])("a page that grows shows as it grows: %s", async (coding) => {
    const { headers, body, first, last } = await fetched("/growing", coding);
    expect(headers["content-encoding"]).toBe(coding === "identity" ? undefined : coding);
    expect((decompress[coding]?.(body) ?? body).toString()).toBe(line.repeat(3));
    expect(last - first).toBeGreaterThan(step * 1.5);
  });

  test("events are never held back", async () => {
    const { headers, body, first, last } = await fetched("/events", "br, gzip");
    expect(headers["content-encoding"]).toBeUndefined();
    expect(body.toString()).toBe("data: 1\n\ndata: 2\n\ndata: 3\n\n");
    expect(last - first).toBeGreaterThan(step * 1.5);
  });
});

interface Fetched {
  readonly status: number | undefined;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
  /** When the first and the last bytes of the body came that decode to something, in milliseconds. */
  readonly first: number;
  readonly last: number;
}

function fetched(path: string, coding: string | undefined, headers: Record<string, string> = {}): Promise<Fetched> {
  const accept = coding === undefined ? {} : { "accept-encoding": coding };
  return new Promise((resolve, reject) => {
    const request = get(new URL(path, address).href, { headers: { ...headers, ...accept } }, (response) => {
      const chunks: Buffer[] = [];
      const times: number[] = [];
      response.on("data", (chunk: Buffer) => {
        // A coder may send its own header ahead of any content.
        if (chunk.byteLength > 10 || coding !== "gzip") times.push(performance.now());
        chunks.push(chunk);
      });
      response.on("error", reject);
      response.on("end", () => {
        const { statusCode: status, headers } = response;
        resolve({ status, headers, body: Buffer.concat(chunks), first: times[0] ?? 0, last: times.at(-1) ?? 0 });
      });
    });
    request.on("error", reject);
  });
}

/** The answer once its form is stored, which is made behind the clients' backs. */
async function fetchedForm(path: string, coding: string): Promise<Fetched> {
  for (let tries = 0; tries < 200; tries++) {
    const answer = await fetched(path, coding);
    if (String(answer.headers["perigee-trail"]).includes(";stored")) return answer;
    await pause(10);
  }
  throw new Error(`no form of ${path} in ${coding} was ever stored`);
}

/** Milliseconds between two parts of a body that is still being made. */
const step = 150;

async function trickle(response: ServerResponse, type: string, parts: readonly string[]): Promise<void> {
  response.writeHead(200, { "content-type": type, "cache-control": "no-store" });
  for (const part of parts) {
    response.write(part);
    await pause(step);
  }
  response.end();
}

function send(response: ServerResponse, headers: Record<string, string>, body: string | Buffer): void {
  response.writeHead(200, { ...headers, "content-length": Buffer.byteLength(body) });
  response.end(body);
}

function missing(response: ServerResponse): void {
  response.writeHead(404).end();
}
