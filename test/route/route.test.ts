import { expect, test } from "vitest";
import type { CompressRule } from "../../src/config/compress.ts";
import type { HeaderEdits, Rule } from "../../src/config/model.ts";
import { route } from "../../src/route/route.ts";
import { clean, compressing, decisions, edgeWith, noEdits, origin, rule, site } from "../harness/rooms.ts";

function routed(...rules: Rule[]) {
  const visit = clean("/page?a=b", ...rules);
  const step = route(visit, edgeWith());
  if (step.kind === "answer") throw new Error("answered");
  return { ...step.visit, decisions: decisions(visit) };
}

test("without rules a visit goes where its site says", () => {
  const { origins, caching } = site("www");
  expect(routed()).toMatchObject({
    target: "/page?a=b",
    pool: origins,
    caching,
    requestEdits: [],
    finishing: { edits: [], security: [], compress: compressing },
    decisions: ["route as-visited"],
  });
});

test("compression is the setting's unless a rule says otherwise, member by member, and the later rule wins", () => {
  const { settings } = edgeWith().config;
  const off = edgeWith({ settings: { ...settings, compress: { ...settings.compress, enabled: false } } });
  const compress = (edge: typeof off, ...said: CompressRule[]) => {
    const rules = said.map((each, index) => rule(String(index), { compress: each }));
    const step = route(clean("/", ...rules, rule("none")), edge);
    return step.kind === "go" ? step.visit.finishing.compress : undefined;
  };
  expect(compress(off)).toMatchObject({ ...compressing, enabled: false });
  expect(compress(off, { enabled: true })).toMatchObject(compressing);
  expect(compress(edgeWith(), { enabled: false })?.enabled).toBe(false);
  expect(compress(edgeWith(), { enabled: false }, { enabled: true })?.enabled).toBe(true);
  expect(
    compress(
      edgeWith(),
      { enabled: true, codings: ["gzip"], levels: { br: 5, gzip: "fast" } },
      { enabled: true, store: false, levels: { gzip: 9 } },
    ),
  ).toMatchObject({ enabled: true, codings: ["gzip"], store: false, levels: { zstd: "best", br: 5, gzip: 9 } });
});

test("the last rule that chooses origins wins", () => {
  const one = rule("one", { origins: [origin("singapore")] });
  const two = rule("two words", { origins: [origin("virginia")] });
  const visit = routed(one, two, rule("none"));
  expect(visit.pool.map(({ name }) => name)).toEqual(["virginia"]);
  expect(visit.decisions).toEqual(["route origins=one;origins=two-words"]);
});

test("cache policies are laid over the site's, member by member", () => {
  const key = { query: "none", sort: false, headers: [], cookies: [], country: true, device: false } as const;
  const visit = routed(
    rule("static", { cache: { ttl: 1000, key } }),
    rule("long", { cache: { ttl: 2000, staleIfError: 5 } }),
    rule("none"),
  );
  expect(visit.caching).toEqual({ ...site("www").caching, ttl: 2000, staleIfError: 5, key });
  expect(visit.decisions).toEqual(["route cache=static;cache=long"]);
});

test("a later rule can leave freshness to the origin again", () => {
  expect(
    routed(rule("set", { cache: { ttl: 1000 } }), rule("unset", { cache: { ttl: undefined } })).caching.ttl,
  ).toBeUndefined();
});

test("header edits are collected in order, each side's apart", () => {
  const edits = (name: string): HeaderEdits => ({ ...noEdits, remove: [name] });
  const visit = routed(
    rule("one", { headers: { request: edits("a"), response: edits("b") } }),
    rule("none"),
    rule("two", { headers: { request: edits("c"), response: edits("d") } }),
  );
  expect(visit.requestEdits).toEqual([edits("a"), edits("c")]);
  expect(visit.finishing.edits).toEqual([edits("b"), edits("d")]);
});

test("of the rules that say something of security headers, the last one's word stands", () => {
  const nosniff = [{ name: "x-content-type-options", value: "nosniff" }];
  const secure = rule("secure", { security: nosniff });
  expect(routed(rule("none"), secure, rule("none")).finishing.security).toBe(nosniff);
  expect(routed(secure, rule("off", { security: [] })).finishing.security).toEqual([]);
});

test("a redirect is an answer, whatever else the rules say", () => {
  const move = rule("move", { redirect: { status: 302, to: () => "/new" } });
  const step = route(
    clean("/", rule("rewrite", { rewrite: { path: () => "/x", query: undefined } }), move),
    edgeWith(),
  );
  expect(step).toMatchObject({ kind: "answer", answer: { status: 302, because: "redirected-by-rule" } });
});

test("the trail names what changed and by which rule", () => {
  const visit = routed(
    rule("paths", { rewrite: { path: () => "/x", query: undefined } }),
    rule("both", { origins: [origin("a")], cache: {} }),
  );
  expect(visit.decisions).toEqual(["route rewrite=paths;origins=both;cache=both"]);
});
