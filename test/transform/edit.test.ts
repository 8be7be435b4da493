import { describe, expect, test } from "vitest";
import type { Address } from "../../src/http/address.ts";
import { finish } from "../../src/transform/transform.ts";
import { configOf } from "../config/load.ts";
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
  /** As a rule with that has it. */
  const secured = (security: unknown) => ({ security: configOf({ RULES: [{ security }] }).rules[0]!.security! });
  const secure = { finishing: secured(true) };
  const page = { "content-type": "text/html; charset=utf-8" };
  const usual = {
    "strict-transport-security": "max-age=31536000",
    "x-content-type-options": "nosniff",
    "referrer-policy": "strict-origin-when-cross-origin",
    "x-frame-options": "SAMEORIGIN",
    "cross-origin-resource-policy": "same-site",
  };

  test("are added, to pages also those that mean nothing elsewhere", async () => {
    expect(Object.fromEntries((await finished({}, secure)).fields)).toEqual({ "accept-ranges": "bytes", ...usual });
    const { fields } = await finished(page, secure);
    expect(Object.fromEntries(fields)).toMatchObject({
      ...usual,
      "content-security-policy-report-only": expect.stringContaining("default-src 'self'") as string,
      "permissions-policy": expect.stringContaining("camera=(self)") as string,
      "cross-origin-opener-policy": "same-origin-allow-popups",
    });
  });

  test.each([
    [{ "referrer-policy": "unsafe-url" }, "referrer-policy", "unsafe-url"],
    [{ "x-frame-options": "DENY" }, "x-frame-options", "DENY"],
    [{ "content-security-policy": "img-src *" }, "content-security-policy-report-only", undefined],
    [{ "content-security-policy-report-only": "img-src *" }, "content-security-policy-report-only", "img-src *"],
  ])("leave the origin its word: %j", async (own, name, value) => {
    expect((await finished({ ...page, ...own }, secure)).fields.get(name)).toBe(value);
  });

  test("of a policy that is enforced, the origin's own word stands, too", async () => {
    const enforced = { finishing: secured({ csp: { policy: "img-src 'self'", enforce: true } }) };
    const policies = async (own: object): Promise<unknown[]> => {
      const { fields } = await finished({ ...page, ...own }, enforced);
      return [fields.get("content-security-policy"), fields.get("content-security-policy-report-only")];
    };
    expect(await policies({})).toEqual(["img-src 'self'", undefined]);
    expect(await policies({ "content-security-policy-report-only": "a" })).toEqual([undefined, "a"]);
    expect(await policies({ "content-security-policy": "a" })).toEqual(["a", undefined]);
  });

  test("each can be set and turned off", async () => {
    const finishing = secured({
      hsts: "max-age=60; includeSubDomains",
      nosniff: false,
      frame: "DENY",
      csp: "img-src *",
      coop: false,
    });
    const { fields } = await finished(page, { finishing });
    expect(Object.fromEntries(fields)).toMatchObject({
      "strict-transport-security": "max-age=60; includeSubDomains",
      "x-frame-options": "DENY",
      "content-security-policy-report-only": "img-src *",
    });
    expect([fields.has("x-content-type-options"), fields.has("cross-origin-opener-policy")]).toEqual([false, false]);
  });

  test("say nothing of https over http", async () => {
    expect(
      (await finished({}, { ...secure, at: "http://www.example.com/" })).fields.has("strict-transport-security"),
    ).toBe(false);
  });

  test("are not there unless asked for, and a rule has the last word", async () => {
    expect((await finished({}, {})).fields.has("x-frame-options")).toBe(false);
    const finishing = { ...secured(true), edits: [edits({ remove: ["x-frame-options"] })] };
    expect((await finished({}, { finishing })).fields.has("x-frame-options")).toBe(false);
  });
});
