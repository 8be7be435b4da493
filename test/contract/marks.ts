/** What every implementation of the port Marks does. */
import { describe, expect, test } from "vitest";
import type { Mark, Marks, Subject } from "../../src/edge.ts";

const origin = "https://www.example.com";

/** An answer that was asked for at 1000. */
function subject(changes: Partial<Subject> & { readonly path?: string; readonly query?: string } = {}): Subject {
  const { path = "/a/b", query = "", ...others } = changes;
  return {
    askedAt: 1_000,
    site: "www",
    locations: () => [{ origin, path, isSameQuery: (other) => other === query }],
    tags: () => ["news", "home"],
    groups: () => [`${origin} cart`],
    url: () => `${origin}${path}${query}`,
    ...others,
  };
}

function mark(scope: Mark["scope"], name: string, changes: Partial<Mark> = {}): Mark {
  return { scope, name, at: 2_000, soft: false, ...changes };
}

/** @param create marks of which none is known yet. */
export function marksContract(what: string, create: () => Promise<Marks>): void {
  describe(`marks ${what}`, { timeout: 60_000 }, () => {
    test.each<[Mark, Partial<Subject> & { path?: string; query?: string }]>([
      [mark("all", ""), {}],
      [mark("site", "www"), {}],
      [mark("tag", "home"), {}],
      [mark("tag", "other"), { tags: () => "any" }],
      [mark("group", `${origin} cart`), {}],
      [mark("url", `${origin}/a/b`), {}],
      [mark("url", `${origin}/a/b?c=1&d`), { query: "?c=1&d" }],
      [mark("prefix", `${origin}/`), { path: "/" }],
      [mark("prefix", `${origin}/`), {}],
      [mark("prefix", `${origin}/a`), { path: "/a" }],
      [mark("prefix", `${origin}/a/`), { path: "/a" }],
      [mark("prefix", `${origin}/a/`), { path: "/a/" }],
      [mark("prefix", `${origin}/a`), { path: "/a/b/c/d" }],
      [mark("prefix", `${origin}/a//b`), { path: "/a//b/c" }],
    ])("%j covers", async (given, changes) => {
      const marks = await create();
      expect(marks.covering(subject(changes))).toBeUndefined();
      await marks.add([given]);
      expect(marks.covering(subject(changes))).toEqual(given);
    });

    test.each<[Mark, Partial<Subject> & { path?: string; query?: string }]>([
      [mark("site", "shop"), {}],
      [mark("tag", "new"), {}],
      [mark("tag", "www"), {}],
      [mark("group", "https://shop.example.com cart"), {}],
      [mark("url", `${origin}/a`), {}],
      [mark("url", `${origin}/a/b?c`), {}],
      [mark("url", `${origin}/a/b`), { query: "?c" }],
      [mark("url", "http://www.example.com/a/b"), {}],
      [mark("prefix", `${origin}/a/b/c`), {}],
      [mark("prefix", `${origin}/a`), { path: "/ab" }],
      [mark("prefix", "https://shop.example.com/"), {}],
      [mark("all", "", { at: 999 }), {}],
    ])("%j doesn't cover", async (given, changes) => {
      const marks = await create();
      await marks.add([given]);
      expect(marks.covering(subject(changes))).toBeUndefined();
    });

    test("what was asked for at the very time of the mark is covered; later, it isn't", async () => {
      const marks = await create();
      await marks.add([mark("all", "", { at: 1_000 })]);
      expect(marks.covering(subject({ askedAt: 1_000 }))).toBeDefined();
      expect(marks.covering(subject({ askedAt: 1_001 }))).toBeUndefined();
    });

    test("a hard mark goes before a soft one, and each is as new as the newest of its name", async () => {
      const marks = await create();
      await marks.add([mark("tag", "news", { soft: true }), mark("tag", "news", { at: 1_500 })]);
      await marks.add([mark("tag", "news", { at: 1_200 })]);
      expect(marks.covering(subject())).toEqual(mark("tag", "news", { at: 1_500 }));
      expect(marks.covering(subject({ askedAt: 1_600 }))).toEqual(mark("tag", "news", { soft: true }));
      expect(marks.covering(subject({ askedAt: 2_001 }))).toBeUndefined();
    });

    test("a change of its URL covers what was asked for by then, and no other query", async () => {
      const marks = await create();
      marks.change([`${origin}/other`, `${origin}/a/b`], 1_000);
      const covered = { scope: "url", name: `${origin}/a/b`, at: 1_000, soft: false };
      expect(marks.covering(subject())).toEqual(covered);
      expect(marks.covering(subject({ query: "?c" }))).toBeUndefined();
      expect(marks.covering(subject({ askedAt: 1_001 }))).toBeUndefined();
    });

    test("any number of changes are known, and hardly cover more", async () => {
      const marks = await create();
      const urls = Array.from({ length: 3_000 }, (_, number) => `${origin}/changed/${number}`);
      for (const url of urls) marks.change([url], 2_000);
      const covers = (url: string) => marks.covering(subject({ url: () => url })) !== undefined;
      expect(urls.every(covers)).toBe(true);
      const others = urls.map((url) => `${url}/other`);
      expect(others.filter(covers).length).toBeLessThan(others.length / 4);
      expect(marks.covering(subject({ url: () => urls[0]!, askedAt: 2_001 }))).toBeUndefined();
    });

    test("a thousand of them are all kept", async () => {
      const marks = await create();
      const many = Array.from({ length: 990 }, (_, number) => mark("tag", `t${number}`, { at: 2_000 + number }));
      await marks.add(many);
      for (const one of many) expect(marks.covering(subject({ tags: () => [one.name] }))).toEqual(one);
      expect(marks.covering(subject())).toBeUndefined();
    });

    test("of too many none is forgotten: what an old one covered stays covered", async () => {
      const marks = await create();
      const many = Array.from({ length: 3_000 }, (_, number) => mark("tag", `t${number}`, { at: 2_000 + number }));
      await marks.add(many);
      for (const { name, at } of many)
        expect(marks.covering(subject({ askedAt: at, tags: () => [name] })), name).toBeDefined();
      expect(marks.covering(subject({ askedAt: 5_000 }))).toBeUndefined();
    });
  });
}
