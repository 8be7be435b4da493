import { describe, expect, test } from "vitest";
import { finish } from "../../src/transform/transform.ts";
import { answer, edge, noon, sized, visitTo, type VisitOptions } from "./visit.ts";

const date = (offset: number) => new Date(noon + offset * 1000).toUTCString();
const page = { "content-type": "text/plain", etag: '"v1"', "last-modified": date(-60), date: date(0) };

async function status(
  headers: Record<string, string>,
  options: VisitOptions = {},
  fields: Record<string, string> = page,
): Promise<number> {
  return (await finish(visitTo("/a", { headers, ...options }), sized(fields, "x".repeat(50)), edge)).status;
}

describe("If-None-Match and If-Modified-Since (RFC 9110 §13.1)", () => {
  test.for([
    ['"v1"', 304],
    ['W/"v1"', 304],
    ['"v0", "v1"', 304],
    ["*", 304],
    ['"v2"', 200],
    ["", 200],
  ] as const)("If-None-Match: %s → %i", async ([value, expected]) => {
    expect(await status({ "if-none-match": value })).toBe(expected);
  });

  test.for([
    [date(-60), 304],
    [date(0), 304],
    [date(-61), 200],
    ["yesterday", 200],
  ] as const)("If-Modified-Since: %s → %i", async ([value, expected]) => {
    expect(await status({ "if-modified-since": value })).toBe(expected);
  });

  test("the tag goes before the date", async () => {
    expect(await status({ "if-none-match": '"v2"', "if-modified-since": date(0) })).toBe(200);
    expect(await status({ "if-none-match": '"v1"', "if-modified-since": date(-3600) })).toBe(304);
  });

  test("for want of Last-Modified, Date counts (RFC 9111 §4.3.2)", async () => {
    const { "last-modified": _, ...undated } = page;
    expect(await status({ "if-modified-since": date(0) }, {}, undated)).toBe(304);
    expect(await status({ "if-modified-since": date(-1) }, {}, undated)).toBe(200);
  });

  test("it goes before Range", async () => {
    expect(await status({ "if-none-match": '"v1"', range: "bytes=0-1" })).toBe(304);
    expect(await status({ "if-none-match": '"v2"', range: "bytes=0-1" })).toBe(206);
  });

  test("only for GET and HEAD, a 200, and where the cache had a part in it", async () => {
    const same = { "if-none-match": '"v1"' };
    expect(await status(same, { method: "HEAD" })).toBe(304);
    expect(await status(same, { method: "POST" })).toBe(200);
    expect(await status(same, { plan: { kind: "bypass", because: "rule" } })).toBe(200);
    expect((await finish(visitTo("/a", { headers: same }), answer(page, "gone", 404), edge)).status).toBe(404);
  });

  test("If-Match and If-Unmodified-Since don't apply to a cache", async () => {
    expect(await status({ "if-match": '"v0"' })).toBe(200);
    expect(await status({ "if-unmodified-since": date(-3600) })).toBe(200);
  });
});

describe("a 304", () => {
  const full = {
    ...page,
    "cache-control": "max-age=60",
    expires: date(60),
    age: "5",
    vary: "Accept-Language",
    "content-location": "/a.en",
    "content-language": "en",
  };

  test.for(["gzip", "identity"])("says what the 200 would have said, but for its body (%s)", async (coding) => {
    const headers = { "accept-encoding": coding };
    const long = "x".repeat(500);
    const whole = await finish(visitTo("/a", { headers }), sized(full, long), edge);
    const same = await finish(
      visitTo("/a", { headers: { ...headers, "if-none-match": '"v1"' } }),
      sized(full, long),
      edge,
    );
    expect(same.body).toBeNull();
    for (const name of ["cache-control", "expires", "date", "vary", "etag", "content-location", "age"]) {
      expect([name, same.fields.get(name)]).toEqual([name, whole.fields.get(name)]);
    }
    for (const name of ["content-type", "content-length", "content-encoding", "content-language", "accept-ranges"]) {
      expect([name, same.fields.get(name)]).toEqual([name, undefined]);
    }
  });

  test.for([
    ['W/"v1"', 'W/"v1"'],
    ['"v0", "v1"', '"v1"'],
    ['"v0"', '"v1"'],
    ["*", '"v1"'],
  ] as const)("of the origin's bears the tag that the client knows: %s → %s", async ([asked, named]) => {
    const visit = visitTo("/a", { headers: { "if-none-match": asked }, plan: { kind: "bypass", because: "rule" } });
    const out = await finish(visit, answer({ etag: '"v1"' }, null, 304), edge);
    expect([out.status, out.fields.get("etag")]).toEqual([304, named]);
  });

  test("gives up the body that it doesn't send", async () => {
    let cancelled = false;
    const body = new ReadableStream<Uint8Array>({ cancel: () => void (cancelled = true) });
    await finish(visitTo("/a", { headers: { "if-none-match": '"v1"' } }), answer(page, body), edge);
    await Promise.resolve();
    expect(cancelled).toBe(true);
  });
});
