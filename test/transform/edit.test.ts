import { describe, expect, test } from "vitest";
import type { Address } from "../../src/http/address.ts";
import { finish } from "../../src/transform/transform.ts";
import { answer, edge, edits, visitTo, type VisitOptions } from "./visit.ts";

async function finished(fields: Record<string, string>, options: VisitOptions & { at?: string }) {
  const visit = visitTo(options.at ?? "/a", options);
  const out = await finish(visit, answer(fields, "x"), edge);
  return { fields: out.fields, notes: visit.trail.steps.map(({ decision }) => decision) };
}

describe("header rules", () => {
  test("remove, then set, then add, one rule after the other", async () => {
    const rules = [
      edits({ remove: ["x-a"], set: { "x-b": "1" }, add: { "x-c": "2", "set-cookie": "n=1" } }),
      edits({ add: { "x-b": "3" } }),
    ];
    const { fields } = await finished({ "x-a": "0", "x-b": "0", "x-c": "1" }, { finishing: { edits: rules } });
    expect(fields.get("x-a")).toBeUndefined();
    expect(fields.get("x-b")).toBe("1, 3");
    expect(fields.get("x-c")).toBe("1, 2");
    expect(fields.cookies).toEqual(["n=1"]);
  });

  test("a text is made for the visit; one that comes out empty leaves no field", async () => {
    const rule = { remove: [], add: [], set: [["x-path", (visit: { url: Address }) => visit.url.pathname] as const] };
    expect((await finished({}, { finishing: { edits: [rule] } })).fields.get("x-path")).toBe("/a");
    const empty = edits({ set: { "x-a": "" }, add: { "x-b": " " } });
    const { fields } = await finished({ "x-a": "origin's", "x-b": "1" }, { finishing: { edits: [empty] } });
    expect([fields.has("x-a"), fields.get("x-b")]).toEqual([false, "1"]);
  });

  test.for([
    ["x y", "1"],
    ["", "1"],
    ["x-a", "a\r\nset-cookie: b=1"],
    ["x-a", "a\0b"],
    ["content-length", "5"],
    ["transfer-encoding", "chunked"],
    ["content-encoding", "gzip"],
  ] as const)("%s: %j is skipped, and noted", async ([name, value]) => {
    const { fields, notes } = await finished(
      {},
      { finishing: { edits: [edits({ set: { [name]: value }, add: { [name]: value } })] } },
    );
    expect(fields.has(name)).toBe(false);
    expect(notes.filter((note) => note.startsWith("skipped:"))).toHaveLength(2);
    expect(() => new Headers(fields.toInit())).not.toThrow();
  });

  test("what a rule says of the content counts when it is compressed", async () => {
    const headers = { "accept-encoding": "gzip" };
    const out = await finish(
      visitTo("/a", { headers, finishing: { edits: [edits({ set: { "cache-control": "no-transform" } })] } }),
      answer({ "content-type": "text/plain" }, "x".repeat(500)),
      edge,
    );
    expect(out.fields.has("content-encoding")).toBe(false);
  });
});

describe("security headers", () => {
  const secure = { finishing: { security: true } };

  test("are added where the origin says nothing of its own", async () => {
    const { fields } = await finished({ "referrer-policy": "no-referrer" }, secure);
    expect(Object.fromEntries(fields)).toMatchObject({
      "strict-transport-security": "max-age=31536000",
      "x-content-type-options": "nosniff",
      "referrer-policy": "no-referrer",
      "x-frame-options": "SAMEORIGIN",
    });
  });

  test("leave a stricter origin its word", async () => {
    const { fields } = await finished({ "x-frame-options": "DENY" }, secure);
    expect([fields.get("x-frame-options"), fields.has("content-security-policy")]).toEqual(["DENY", false]);
  });

  test("say nothing of https over http", async () => {
    expect(
      (await finished({}, { ...secure, at: "http://www.example.com/" })).fields.has("strict-transport-security"),
    ).toBe(false);
  });

  test("are not there unless asked for, and a rule has the last word", async () => {
    expect((await finished({}, {})).fields.has("x-frame-options")).toBe(false);
    const finishing = { security: true, edits: [edits({ remove: ["x-frame-options"] })] };
    expect((await finished({}, { finishing })).fields.has("x-frame-options")).toBe(false);
  });
});
