import { gzipSync } from "node:zlib";
import fc from "fast-check";
import { expect, test } from "vitest";
import type { Body } from "../../src/answer.ts";
import { EdgeError } from "../../src/error.ts";
import { prepare } from "../../src/transform/transform.ts";
import type { Planned } from "../../src/visit.ts";
import { answer, edge, streamOf, visitTo } from "./visit.ts";

const robots = { refused: [{ about: "Ones.", tokens: ["GPTBot"] }], signal: "search=yes", id: "one" };
const head = "# Ones.\nUser-agent: GPTBot\nDisallow: /\n\n";
const alone = `${head}User-agent: *\nContent-Signal: search=yes\nAllow: /\n`;

function visit(method = "GET"): Planned {
  const plain = visitTo("/robots.txt", { method });
  return { ...plain, site: { ...plain.site, ai: { access: new Map(), monitor: false, robots } } };
}

async function textOf(fields: Record<string, string>, body: Body, status = 200): Promise<string> {
  const prepared = await prepare(visit(), answer(fields, body, status), edge);
  return new Response(prepared.body).text();
}

const own = "User-agent: *\nDisallow: /x\n";
const merged = `${head}User-agent: *\nContent-Signal: search=yes\nDisallow: /x\n`;
const packed = gzipSync(own);

test("a file in a coding is undone", async () => {
  expect(await textOf({ "content-encoding": "gzip" }, streamOf(packed))).toBe(merged);
});

const page = "<!doctype html>\n<pre>\nUser-agent: *\nDisallow: /\n</pre>";

test.each<[type: string, body: string, said: string]>([
  ["text/plain; charset=utf-8", own, merged],
  ["", own, merged],
  ["text/markdown", own, merged],
  ["application/octet-stream", own, merged],
  ["Binary/Octet-Stream", own, merged],
  ["text/html", own, merged],
  ["application/x-download", own, merged],
  ["text/html; charset=utf-8", page, alone],
  ["application/xhtml+xml", page, alone],
  ["application/json", '{"error": "none"}', alone],
])("of the type %j, %j is what it is", async (type, body, said) => {
  expect(await textOf(type === "" ? {} : { "content-type": type }, streamOf(new TextEncoder().encode(body)))).toBe(
    said,
  );
});

test.each<[string, Record<string, string>, Uint8Array]>([
  ["is in a coding that nobody here knows", { "content-encoding": "aes128gcm" }, packed],
  ["isn't in the coding that it claims", { "content-encoding": "gzip" }, new TextEncoder().encode(own)],
  ["ends in the middle of it", { "content-encoding": "gzip" }, packed.slice(0, 20)],
])("a file that %s is a failure of the origin's", async (_, fields, bytes) => {
  const failure = await textOf(fields, streamOf(bytes)).catch((error: unknown) => error);
  expect(failure).toBeInstanceOf(EdgeError);
  expect(failure).toMatchObject({ source: "origin", because: "bad-upstream-answer" });
});

test("what is beyond 500 KiB isn't read: a file without an end comes to one", async () => {
  let pieces = 0;
  const endless = new ReadableStream<Uint8Array>({
    pull: (controller) => void (pieces++, controller.enqueue(new TextEncoder().encode("Disallow: /x\n".repeat(1000)))),
  });
  expect((await textOf({}, endless)).length).toBeLessThanOrEqual(500 * 1024);
  expect(pieces).toBeLessThan(45);
});

test("HEAD says what GET says, without the body; and equal files have equal tags", async () => {
  const [get, other, headed] = await Promise.all([
    prepare(visit(), answer({ etag: '"x"' }, own), edge),
    prepare(visit(), answer({}, `${own}Disallow: /y\n`), edge),
    prepare(visit("HEAD"), answer({}, own), edge),
  ]);
  expect(headed.body).toBe(null);
  expect([...headed.fields]).toEqual([...get.fields]);
  expect(get.fields.get("content-length")).toBe(String(merged.length));
  expect(get.fields.get("etag")).not.toBe(other.fields.get("etag"));
});

test("another path, another method and another site stay as they are", async () => {
  const plain = { ...visit(), url: visitTo("/robots.txt.bak").url };
  for (const one of [plain, visit("POST"), visitTo("/robots.txt")]) {
    expect(await new Response((await prepare(one, answer({}, own), edge)).body).text()).toBe(own);
  }
});

test("whatever the origin answers, the policy is in what is called a success", async () => {
  const status = fc.oneof(fc.integer({ min: 200, max: 599 }), fc.constant(200));
  const type = fc.oneof(fc.string(), fc.constantFrom("text/plain", "text/html", "text/plain; charset=utf-16"));
  await fc.assert(
    fc.asyncProperty(status, type, fc.uint8Array({ maxLength: 400 }), async (status, type, bytes) => {
      const body = [204, 304].includes(status) ? null : streamOf(bytes);
      const prepared = await prepare(visit(), answer({ "content-type": type }, body, status), edge);
      const said = await new Response(prepared.body).text();
      if (prepared.status === 200) expect(said).toContain(head);
      else expect([prepared.status, said.length > 0]).toEqual([status, body !== null && bytes.length > 0]);
    }),
  );
});
