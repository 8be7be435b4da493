import { describe, expect, onTestFinished, test } from "vitest";
import { stop } from "../../scripts/bench/children.ts";
import { fieldsOf, piecesOf, rangeOf } from "../../scripts/chaos/answering.ts";
import { answerOf, kindOf, tagOf } from "../../scripts/chaos/objects.ts";
import { Origin } from "../../scripts/chaos/origins.ts";

describe("an origin's answer", () => {
  const film = kindOf("/film/1")!;
  const feed = kindOf("/feed/1")!;
  const asking = (url: string, headers = {}): Parameters<typeof rangeOf>[0] => ({ url, headers });

  test("is sent in its pieces, whole or a part of it", () => {
    const whole = answerOf("/film/1", film, Buffer.alloc(0));
    expect(piecesOf(whole, film, undefined).map(({ length }) => length)).toEqual(Array(8).fill(20_000));
    const range = rangeOf(asking("/film/1", { range: "bytes=30000-159999", "if-range": tagOf("/film/1") }), film)!;
    const pieces = piecesOf(whole, film, range);
    expect(pieces.map(({ length }) => length)).toEqual([...Array(6).fill(20_000), 10_000]);
    expect(Buffer.concat(pieces).equals(whole.subarray(30_000))).toBe(true);
    expect(fieldsOf("/film/1", film, { range, length: 160_000 })).toMatchObject({
      "content-length": 130_000,
      "content-range": "bytes 30000-159999/160000",
    });
  });

  test("that is chunked has no length, no tag and no ranges", () => {
    const range = rangeOf(asking("/feed/1", { range: "bytes=1-2" }), feed);
    expect(range).toBeUndefined();
    expect(fieldsOf("/feed/1", feed, { range, length: 12_000 })).toEqual({
      "content-type": "application/octet-stream",
      "cache-control": "no-store",
      "transfer-encoding": "chunked",
    });
  });

  test("comes when its work is done, and later while it is slow", async () => {
    const origin = new Origin({ name: "virginia", at: [0, 0] });
    await origin.start();
    onTestFinished(() => stop(origin.child));
    const timed = async (target: string): Promise<number> => {
      const start = performance.now();
      const response = await fetch(origin.url + target);
      const body = Buffer.from(await response.arrayBuffer());
      expect([response.status, body.equals(answerOf(target, kindOf(target)!, Buffer.alloc(0)))]).toEqual([200, true]);
      expect(response.headers.has("content-length")).toBe(!kindOf(target)!.isChunked);
      return performance.now() - start;
    };
    expect(await timed("/deed/1")).toBeGreaterThan(1_190);
    await origin.begin("slow");
    const times = await Promise.all(["/page/1", "/list/1", "/page/2"].map(timed));
    expect(Math.min(...times)).toBeGreaterThan(990);
    await origin.end("slow");
    expect(await timed("/feed/1")).toBeLessThan(990);
  });
});
