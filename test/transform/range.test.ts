import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { finish } from "../../src/transform/transform.ts";
import { answer, bytesOf, edge, noon, sized, streamOf, textOf, visitTo } from "./visit.ts";

const date = (offset: number) => new Date(noon + offset * 1000).toUTCString();
const image = { "content-type": "image/png", etag: '"v1"', "last-modified": date(-60), date: date(0) };
const ask = (headers: Record<string, string>) => visitTo("/a.png", { headers });

describe("Range (RFC 9110 §14)", () => {
  test("any part of a stream is the same bytes as that part of the whole", async () => {
    const cases = fc.record({
      bytes: fc.uint8Array({ minLength: 1, maxLength: 200 }),
      piece: fc.integer({ min: 1, max: 60 }),
      first: fc.nat({ max: 220 }),
      more: fc.nat({ max: 220 }),
    });
    await fc.assert(
      fc.asyncProperty(cases, async ({ bytes, piece, first, more }) => {
        const whole = answer({ ...image, "content-length": String(bytes.length) }, streamOf(bytes, piece));
        const out = await finish(ask({ range: `bytes=${first}-${first + more}` }), whole, edge);
        if (first >= bytes.length) {
          expect(out.status).toBe(416);
          expect(out.fields.get("content-range")).toBe(`bytes */${bytes.length}`);
          return;
        }
        const part = bytes.slice(first, first + more + 1);
        expect(out.status).toBe(206);
        expect(await bytesOf(out)).toEqual(new Uint8Array(part));
        expect(out.fields.get("content-length")).toBe(String(part.length));
        expect(out.fields.get("content-range")).toBe(`bytes ${first}-${first + part.length - 1}/${bytes.length}`);
      }),
    );
  });

  test("the rest of the body is given up once the part is out", async () => {
    let cancelled = false;
    const endless = new ReadableStream<Uint8Array>({
      pull: (controller) => controller.enqueue(new Uint8Array(10)),
      cancel: () => void (cancelled = true),
    });
    const out = await finish(
      ask({ range: "bytes=5-14" }),
      answer({ ...image, "content-length": "1000000" }, endless),
      edge,
    );
    expect((await bytesOf(out)).byteLength).toBe(10);
    expect(cancelled).toBe(true);
  });

  test("a body that ends early breaks off; it doesn't pass for whole", async () => {
    const out = await finish(
      ask({ range: "bytes=2-9" }),
      answer({ ...image, "content-length": "10" }, streamOf(new Uint8Array(5))),
      edge,
    );
    await expect(bytesOf(out)).rejects.toThrow();
  });

  test("a part of what the edge wrote itself", async () => {
    const out = await finish(ask({ range: "bytes=-3" }), answer(image, "hello"), edge);
    expect([out.status, await textOf(out), out.fields.get("content-range")]).toEqual([206, "llo", "bytes 2-4/5"]);
  });

  test.for([
    ["the same strong tag", '"v1"', 206],
    ["another tag", '"v2"', 200],
    ["a weak tag", 'W/"v1"', 200],
    ["the same date", image["last-modified"], 206],
    ["another date", date(-61), 200],
    ["what is neither", "v1", 200],
  ] as const)("If-Range with %s", async ([, value, status]) => {
    expect((await finish(ask({ range: "bytes=0-1", "if-range": value }), sized(image, "hello"), edge)).status).toBe(
      status,
    );
  });

  test("a date within the second of the answer's making is too weak for If-Range", async () => {
    const young = { ...image, "last-modified": date(0) };
    const out = await finish(ask({ range: "bytes=0-1", "if-range": date(0) }), sized(young, "hello"), edge);
    expect(out.status).toBe(200);
  });

  test("the whole is sent for HEAD, another status, an unknown length, and what the cache stays out of", async () => {
    const range = { range: "bytes=0-1" };
    const statuses = [
      await finish(visitTo("/a.png", { method: "HEAD", headers: range }), sized(image, "hello"), edge),
      await finish(ask(range), answer(image, streamOf(new Uint8Array(5))), edge),
      await finish(
        visitTo("/a.png", { headers: range, plan: { kind: "bypass", because: "rule" } }),
        sized(image, "hello"),
        edge,
      ),
    ].map(({ status }) => status);
    expect(statuses).toEqual([200, 200, 200]);
    expect((await finish(ask(range), answer({ ...image, "content-length": "5" }, "hello", 404), edge)).status).toBe(
      404,
    );
  });

  test("nothing has no part, and its last bytes are all of it", async () => {
    const empty = () => answer({ ...image, "content-length": "0" });
    expect((await finish(ask({ range: "bytes=0-" }), empty(), edge)).status).toBe(416);
    expect((await finish(ask({ range: "bytes=-5" }), empty(), edge)).status).toBe(200);
  });

  test("a part of text is sent as it is, not compressed", async () => {
    const headers = { range: "bytes=0-199", "accept-encoding": "gzip, br" };
    const out = await finish(
      visitTo("/a.txt", { headers }),
      sized({ "content-type": "text/plain" }, "x".repeat(500)),
      edge,
    );
    expect([out.status, out.fields.get("content-encoding")]).toEqual([206, undefined]);
    expect(await textOf(out)).toBe("x".repeat(200));
  });
});
