/** What compression is to real clients, who decode it by themselves: curl, Node, and Debian's Chromium or the one that `CHROMIUM` names. */
import { execFile, execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { createServer, get, type IncomingMessage, type ServerResponse } from "node:http";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { setTimeout as sleep } from "node:timers/promises";
import { promisify } from "node:util";
import { createBrotliDecompress, createGunzip, createZstdDecompress } from "node:zlib";
import { chromium } from "playwright-core";
import { describe, expect, onTestFinished, test } from "vitest";
import { uncollected, watchMemory } from "./memory.ts";
import { startBefore } from "./started-edge.ts";

const script = Array.from({ length: 6_000 }, (_, at) => `export const name${at} = "${(at * 7919) % 6007}";\n`).join("");
const page = `<!doctype html><meta charset="utf-8"><title>ü</title>${"<p>Straße, 日本語 😀</p>".repeat(300)}
<script type="module" src="/app.js"></script>`;

/** Path → type and body, which may be kept for a while. */
const bodies: Readonly<Record<string, readonly [string, string]>> = {
  "/app.js": ["text/javascript", script],
  "/page": ["text/html", page],
};

const mb = 2 ** 20;
const piece = Buffer.from(Array.from({ length: 2_000 }, (_, at) => `line ${(at * 7919) % 2003} of a log\n`).join(""));

const origin = createServer((request, response) => {
  const [, bytes] = /^\/many\/(\d+)$/.exec(request.url!) ?? [];
  if (bytes !== undefined) return sendMany(response, Number(bytes));
  const [type, body] = bodies[request.url!.split("?", 1)[0]!] ?? ["text/plain", ""];
  response.setHeader("content-type", type).setHeader("cache-control", "max-age=3600");
  response.setHeader("content-length", Buffer.byteLength(body)).end(body);
});

const edge = startBefore(
  origin,
  'SITES = [{ hosts = ["*"] }]\nSETTINGS = { trail = true, compress = { budget = "5s" } }\n',
);

/** So many bytes, at the reader's pace. */
function sendMany(response: ServerResponse, bytes: number): void {
  response.writeHead(200, { "content-type": "text/plain", "cache-control": "no-store" });
  const pieces = function* (): Generator<Buffer> {
    for (let sent = 0; sent < bytes; sent += piece.byteLength) yield piece.subarray(0, bytes - sent);
  };
  // A client that leaves is no failure.
  pipeline(Readable.from(pieces(), { objectMode: false }), response).catch(() => undefined);
}

function digestOf(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}

const codings = ["zstd", "br", "gzip"] as const;
const stages = ["from the origin or the cache", "from its stored form"] as const;

/** Before a stored form is there, or once it is. */
async function reach(stage: (typeof stages)[number], path: string, coding: string): Promise<void> {
  if (stage === stages[0]) return;
  for (let tries = 0; tries < 400; tries++) {
    const response = await fetch(edge().url + path, { headers: { "accept-encoding": coding } });
    await response.arrayBuffer();
    if (response.headers.get("perigee-trail")!.includes(";stored")) return;
    await sleep(10);
  }
  throw new Error(`no form of ${path} in ${coding} was ever stored`);
}

const curlHas = (() => {
  try {
    return execFileSync("curl", ["--version"], { encoding: "utf8" });
  } catch {
    return "";
  }
})();
const curlName = { zstd: "zstd", br: "brotli", gzip: "libz" };

describe.for(stages)("%s", (stage) => {
  test.for(codings)("Node decodes %s", async (coding) => {
    for (const [path, [, body]] of Object.entries(bodies)) {
      await reach(stage, path, coding);
      const response = await fetch(edge().url + path, { headers: { "accept-encoding": coding } });
      expect(response.headers.get("content-encoding")).toBe(coding);
      expect(await response.text()).toBe(body);
    }
  });

  test.for(codings)("curl decodes %s", async (coding, { skip }) => {
    if (!new RegExp(curlName[coding], "i").test(curlHas)) skip(`no curl that knows ${coding}`);
    for (const [path, [, body]] of Object.entries(bodies)) {
      await reach(stage, path, coding);
      const asking = [
        "-s",
        "--compressed",
        "-H",
        `accept-encoding: ${coding}`,
        "-w",
        "%{stderr}%header{content-encoding}",
      ];
      const { stdout, stderr } = await promisify(execFile)("curl", [...asking, edge().url + path], { maxBuffer: mb });
      expect([stdout === body, stderr]).toEqual([true, coding]);
    }
  });
});

const executablePath = process.env["CHROMIUM"] ?? "/usr/bin/chromium";
const hasChromium = existsSync(executablePath);
if (!hasChromium) console.warn(`not tested: compression in a browser, because there is no ${executablePath}`);

test.skipIf(!hasChromium)(
  "Chromium shows the page and runs the script: zstd at first, br from the stored form",
  async () => {
    const browser = await chromium.launch({ executablePath, args: ["--no-sandbox"] });
    onTestFinished(() => browser.close());
    const open = async () => {
      const tab = await (await browser.newContext()).newPage();
      const seen: Record<string, string | undefined> = {};
      tab.on("response", (response) => {
        const { pathname, search } = new URL(response.url());
        seen[pathname] = response.headers()["content-encoding"] + search;
      });
      await tab.goto(`${edge().url}/page?browser`);
      const text = await tab.evaluate<string>("fetch('/app.js?browser').then((response) => response.text())");
      const heading = await tab.locator("p").first().textContent();
      return { seen, digest: digestOf(text), heading };
    };
    const first = await open();
    expect(first).toMatchObject({ digest: digestOf(script), heading: "Straße, 日本語 😀" });
    expect([first.seen["/page"], first.seen["/app.js"]]).toEqual(["zstd?browser", "zstd?browser"]);
    for (const path of ["/page?browser", "/app.js?browser"]) await reach(stages[1], path, "gzip, deflate, br, zstd");
    const later = await open();
    expect(later).toMatchObject({ digest: digestOf(script), heading: "Straße, 日本語 😀" });
    expect([later.seen["/page"], later.seen["/app.js"]]).toEqual(["br?browser", "br?browser"]);
  },
);

const decoders = { zstd: createZstdDecompress, br: createBrotliDecompress, gzip: createGunzip };

/** Asks for so many bytes in the coding. @returns how many of them came, and how many pieces of them were wrong. */
async function receive(bytes: number, coding: (typeof codings)[number]): Promise<readonly [number, number]> {
  const answer = await new Promise<IncomingMessage>((resolve, reject) => {
    get(`${edge().url}/many/${bytes}`, { headers: { "accept-encoding": coding } }, resolve).on("error", reject);
  });
  expect(answer.headers["content-encoding"]).toBe(coding);
  let [at, wrong] = [0, 0];
  for await (const chunk of answer.pipe(decoders[coding]()) as AsyncIterable<Buffer>) {
    for (let start = 0; start < chunk.byteLength;) {
      const offset = at % piece.byteLength;
      const length = Math.min(chunk.byteLength - start, piece.byteLength - offset);
      if (chunk.compare(piece, offset, offset + length, start, start + length) !== 0) wrong++;
      start += length;
      at += length;
    }
  }
  return [at, wrong];
}

test.for(codings)("1 GB in %s passes, each byte right, with little memory", { timeout: 240_000 }, async (coding) => {
  // What the engine takes before it collects garbage for the first times is not growth.
  await receive(300_000_000, coding);
  const growth = watchMemory(edge());
  expect(await receive(1_000_000_000, coding)).toEqual([1_000_000_000, 0]);
  expect(growth()).toBeLessThan(uncollected);
});
