/** A second version as a browser gets it, and its bytes on the wire: Debian's Chromium, or the one that `CHROMIUM` names. */
import { createHash } from "node:crypto";
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer, get, type IncomingHttpHeaders } from "node:http";
import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { brotliCompressSync, zstdDecompressSync } from "node:zlib";
import { chromium, type Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { bundleWorker } from "../../scripts/build.ts";
import { nextVersion } from "../harness/versions.ts";
import { end, start, type StartedCli } from "./cli.ts";

const executablePath = process.env["CHROMIUM"] ?? "/usr/bin/chromium";
const isThere = existsSync(executablePath);
if (!isThere) console.warn(`not tested: deltas in a browser, because there is no ${executablePath}`);

const folder = mkdtempSync(join(tmpdir(), "dictionary-"));
const files = new Map([["/", "<!doctype html><title>Shop</title>"]]);
const origin = createServer((request, response) => {
  const path = request.url!.split("?")[0]!;
  const body = files.get(path);
  response
    .writeHead(body === undefined ? 404 : 200, {
      "content-type": `text/${path === "/" ? "html" : "javascript"};charset=utf-8`,
      "cache-control": "public, max-age=31536000, immutable",
      "content-length": Buffer.byteLength(body ?? ""),
    })
    .end(body);
});
let edge: StartedCli;

/** A bundle of 500 KB, which is the Worker's own, and one of which 2 % differ; each gives itself to the page that runs it. */
beforeAll(async () => {
  const { code } = await bundleWorker({ minify: false });
  const one = code.slice(0, 500_000);
  for (const [name, text] of Object.entries({ 1: one, 2: nextVersion(one, 0.02) })) {
    files.set(`/app.${name}.js`, `globalThis.bundle = ${JSON.stringify(text)};\n`);
  }
  origin.listen(0, "127.0.0.1");
  await once(origin, "listening");
  const config = `[vars]
ORIGINS = [{ name = "shop", url = "http://127.0.0.1:${(origin.address() as AddressInfo).port}" }]
SITES = [{ hosts = ["*"] }]
SETTINGS = { compress = { budget = "2s" } }
RULES = [{ when = 'request.path.endsWith(".js")', dictionary = { match = "/app.*.js", id = "app 1" } }]
`;
  writeFileSync(join(folder, "wrangler.toml"), config);
  edge = await start("--config", join(folder, "wrangler.toml"));
}, 120_000);
afterAll(async () => {
  if (edge) await end(edge);
  origin.close();
  rmSync(folder, { recursive: true });
});

const sha256 = (text: string | Buffer) => createHash("sha256").update(text);

/** As it is on the wire. */
async function ask(path: string, headers: Readonly<Record<string, string>>) {
  const request = get(edge.url + path, { headers });
  const [response] = await once(request, "response");
  const chunks: Buffer[] = [];
  for await (const chunk of response) chunks.push(chunk as Buffer);
  return { headers: response.headers as IncomingHttpHeaders, body: Buffer.concat(chunks) };
}

test("can be decoded by Node, which knows nothing of the edge", async () => {
  const one = Buffer.from(files.get("/app.1.js")!);
  await ask("/app.1.js?node", {});
  const available = `:${sha256(one).digest("base64")}:`;
  // Written off the path of the first visit: a moment later it is there.
  let second = await ask("/app.2.js?node", {});
  for (let time = 0; time < 50 && second.headers["content-encoding"] !== "dcz"; time++) {
    second = await ask("/app.2.js?node", { "accept-encoding": "br, dcz", "available-dictionary": available });
  }
  expect(second.headers["content-encoding"]).toBe("dcz");
  expect(second.headers["content-length"]).toBe(String(second.body.byteLength));
  // Node stops after a frame that is to be skipped.
  const [told, frame] = [second.body.subarray(0, 40), second.body.subarray(40)];
  expect(told.toString("hex")).toBe(`5e2a4d1820000000${sha256(one).digest("hex")}`);
  expect(zstdDecompressSync(frame, { dictionary: one }).toString() === files.get("/app.2.js")).toBe(true);
});

describe.skipIf(!isThere)("Chromium", () => {
  const usual = /^(?:br|zstd)$/;
  let browser: Browser;
  beforeAll(async () => {
    browser = await chromium.launch({ executablePath, args: ["--no-sandbox"] });
  }, 60_000);
  afterAll(() => browser?.close());

  /** A page of that host, which tells what its scripts asked, got, and what that took. */
  async function open(host: string) {
    const page = await (await browser.newContext()).newPage();
    const session = await page.context().newCDPSession(page);
    await session.send("Network.enable");
    const byRequest = new Map<string, { asked?: Headers; got?: Headers; bytes?: number }>();
    const ids = new Map<string, string>();
    session.on("Network.requestWillBeSent", ({ requestId, request }) => ids.set(request.url, requestId));
    const note = (id: string, more: object): unknown => byRequest.set(id, { ...byRequest.get(id), ...more });
    session.on("Network.requestWillBeSentExtraInfo", ({ requestId, headers }) =>
      note(requestId, { asked: new Headers(headers) }),
    );
    session.on("Network.responseReceivedExtraInfo", ({ requestId, headers }) =>
      note(requestId, { got: new Headers(headers) }),
    );
    session.on("Network.loadingFinished", ({ requestId, encodedDataLength }) =>
      note(requestId, { bytes: encodedDataLength }),
    );
    await page.goto(`${edge.url.replace("127.0.0.1", host)}/`);
    return {
      /** Runs the script. Gives what was asked and got, all bytes of the answer, and the hash of what ran. */
      run: async (url: string) => {
        await page.addScriptTag({ url });
        const request = ids.get(new URL(url, page.url()).href)!;
        await expect.poll(() => byRequest.get(request)?.bytes).toBeGreaterThan(0);
        const text = JSON.stringify(await page.evaluate("globalThis.bundle"));
        return { ...byRequest.get(request), text: `globalThis.bundle = ${text};\n` };
      },
    };
  }

  test("runs the second version of a 500 KB bundle, and gets a tenth of its br size at most", async () => {
    const { run } = await open("localhost");
    const first = await run("/app.1.js");
    expect(first.got?.get("use-as-dictionary")).toBe('match="/app.*.js", id="app 1"');
    expect(first.got?.get("content-encoding")).toMatch(usual);

    // It takes a dictionary in a moment after the script has run.
    let second = await run("/app.2.js?0");
    for (let time = 1; time < 50 && !second.asked?.has("available-dictionary"); time++) {
      second = await run(`/app.2.js?${time}`);
    }
    const text = files.get("/app.2.js")!;
    expect(second.asked?.get("available-dictionary")).toBe(`:${sha256(files.get("/app.1.js")!).digest("base64")}:`);
    expect(second.asked?.get("dictionary-id")).toBe('"app 1"');
    expect(second.got?.get("content-encoding")).toBe("dcz");
    expect(second.text === text).toBe(true);

    const { body, headers } = await ask("/app.2.js", { "accept-encoding": "br" });
    expect(headers["content-encoding"]).toBe("br");
    const best = brotliCompressSync(text).byteLength;
    const share = (of: number): string => `${((second.bytes! / of) * 100).toFixed(1)} %`;
    console.log(
      `${Buffer.byteLength(text)} bytes; br as the edge makes it ${body.byteLength}, at its best ${best}; ` +
        `as a delta, with its header, ${second.bytes}: ${share(body.byteLength)} and ${share(best)}`,
    );
    expect(second.bytes!).toBeLessThanOrEqual(body.byteLength / 10);
    expect(second.bytes!).toBeLessThanOrEqual(best / 10);
  });

  test("gets no delta for a page of another site, and makes no dictionary there", async () => {
    const { run } = await open("127.0.0.1");
    const other = edge.url.replace("127.0.0.1", "localhost");
    for (const url of [`${other}/app.1.js`, `${other}/app.2.js?other`]) {
      const { asked, got, text } = await run(url);
      expect(asked?.get("sec-fetch-site")).toBe("cross-site");
      expect(got?.get("content-encoding")).toMatch(usual);
      expect(got?.get("use-as-dictionary")).toBeNull();
      expect(text === files.get(new URL(url).pathname)).toBe(true);
    }
  });
});
