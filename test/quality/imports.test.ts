import { describe, expect, test } from "vitest";
import { checkImports, readTree } from "../../scripts/quality/imports.ts";

/** What is said of a tree of files under `src/`. */
function said(tree: Readonly<Record<string, string>>): string[] {
  return checkImports(new Map(Object.entries(tree)));
}

const nothing = "export const nothing = 0;";

test("the project's own tree holds to its layout", () => {
  const tree = readTree();
  expect(tree.size).toBeGreaterThan(20);
  expect(checkImports(tree)).toEqual([]);
});

describe("who imports whom", () => {
  test.each<[what: string, from: string, specifier: string, to: string]>([
    ["one room another room's door", "cache/cache.ts", "../origin/origin.ts", "origin/origin.ts"],
    ["a room the platform", "cache/serve.ts", "../platform/memory/store.ts", "platform/memory/store.ts"],
    ["a room the config's door", "route/route.ts", "../config/config.ts", "config/config.ts"],
    ["a kit a shared word", "http/fields.ts", "../visit.ts", "visit.ts"],
    ["a kit a room", "geo/distance.ts", "../origin/origin.ts", "origin/origin.ts"],
    ["lists the rules", "lists/lists.ts", "../rules/rules.ts", "rules/rules.ts"],
    ["rules the config's code", "rules/rules.ts", "../config/config.ts", "config/config.ts"],
    ["a shared word a room", "visit.ts", "./cache/cache.ts", "cache/cache.ts"],
    ["the journey the config", "journey.ts", "./config/config.ts", "config/config.ts"],
    ["the app a room of the journey", "app.ts", "./cache/cache.ts", "cache/cache.ts"],
    ["anybody the app", "admin/admin.ts", "../app.ts", "app.ts"],
    ["anybody the worker", "platform/cloudflare/ports.ts", "../../worker.ts", "worker.ts"],
  ])("%s", (_, from, specifier, to) => {
    const found = said({
      [from]: `// its first line\nimport { nothing } from "${specifier}";`,
      [to]: nothing,
    });
    expect(found).toEqual([expect.stringMatching(`^src/${from}:2: may not import "${to}": \\w`)]);
  });

  test("not past a door", () => {
    expect(said({ "journey.ts": 'import { nothing } from "./cache/key.ts";', "cache/key.ts": nothing })).toEqual([
      'src/journey.ts:1: may not import "cache/key.ts": the door is cache/cache.ts',
    ]);
  });

  test.each([
    ["Hono", "cache/cache.ts", 'import { Hono } from "hono";'],
    ["the platform's module", "origin/origin.ts", 'import { env } from "cloudflare:workers";'],
    ["a module of Node's", "http/fields.ts", 'import { Buffer } from "node:buffer";'],
    ["a type", "site/site.ts", 'import type { Context } from "hono";'],
    ["by export", "site/site.ts", 'export { Hono } from "hono";\nexport const own = 1;'],
    ["while it runs", "site/site.ts", 'export const hono = await import("hono");'],
    ["by a name made while it runs", "site/site.ts", 'const name = "hono"; export const hono = await import(name);'],
  ])("no package that isn't the place's: %s", (_, file, text) => {
    expect(said({ [file]: text })).toEqual([expect.stringMatching(`^src/${file}:1: may not import "`)]);
  });

  test("no file that isn't there", () => {
    expect(said({ "site/site.ts": 'import "./gone.ts";' })).toEqual([
      'src/site/site.ts:1: imports "./gone.ts", which is no file of src/',
    ]);
  });

  test("its own room, the shared words and the kits are everybody's", () => {
    const text =
      'import "./key.ts"; import "../visit.ts"; import "../http/fields.ts"; import type { C } from "../config/model.ts";';
    const others = {
      "cache/key.ts": nothing,
      "visit.ts": nothing,
      "http/fields.ts": nothing,
      "config/model.ts": nothing,
    };
    expect(said({ "cache/cache.ts": text, ...others })).toEqual([]);
  });
});

describe("no circles", () => {
  test("of two, found once", () => {
    const tree = {
      "cache/b.ts": 'import "./a.ts"; export const b = 1;',
      "cache/a.ts": 'import "./b.ts"; export const a = 1;',
    };
    expect(said(tree)).toEqual(["src/cache/a.ts:1: imports itself in a circle: cache/a.ts → cache/b.ts → cache/a.ts"]);
  });

  test("of three, with a way that leads in", () => {
    const tree = {
      "cache/cache.ts": 'import "./a.ts";',
      "cache/a.ts": 'import "./b.ts";',
      "cache/b.ts": 'import "./c.ts";',
      "cache/c.ts": 'import "./a.ts";',
    };
    expect(said(tree)).toEqual([expect.stringContaining("cache/a.ts → cache/b.ts → cache/c.ts → cache/a.ts")]);
  });

  test("types alone make none, and neither do two ways to one place", () => {
    expect(
      said({
        "visit.ts": 'import type { C } from "./config/model.ts";',
        "config/model.ts": 'import type { V } from "../visit.ts";',
      }),
    ).toEqual([]);
    expect(
      said({
        "cache/a.ts": 'import "./b.ts"; import "./c.ts";',
        "cache/b.ts": 'import "./c.ts";',
        "cache/c.ts": nothing,
      }),
    ).toEqual([]);
  });
});

describe("no barrels", () => {
  test.each([
    'export * from "./a.ts";',
    'import { a } from "./a.ts"; export { a };',
    'export { a } from "./a.ts";',
    'export type { A } from "./a.ts";',
  ])("%s", (text) => {
    expect(said({ "cache/cache.ts": text, "cache/a.ts": nothing })).toEqual([
      expect.stringContaining("src/cache/cache.ts:1: is a barrel"),
    ]);
  });

  test("a door that does something of its own may pass on more", () => {
    expect(
      said({ "cache/cache.ts": 'export { a } from "./a.ts"; export function plan() {}', "cache/a.ts": nothing }),
    ).toEqual([]);
  });
});

describe("the platform's abilities", () => {
  test.each([
    ["fetch", 'export const got = fetch("http://x/");'],
    ["fetch", 'export const got = globalThis.fetch("http://x/");'],
    ["fetch", "export const ports = { fetch };"],
    ["fetch", "export const ports = { ask: fetch };"],
    ["caches", "export const cache = caches.default;"],
    ["fetch", "export const ask = fetch as unknown;"],
    ["fetch", "export const ask = fetch!;"],
    ["Date.now", "export const now = () => Date.now();"],
    ["Date.now", "export const { clock = Date.now } = { };"],
    ["new Date()", "export const now = new Date();"],
    ["Math.random", "export const dice = Math.random;"],
    ["crypto.randomUUID", "export const id = crypto.randomUUID();"],
    ["waitUntil", "export const later = (context) => context.waitUntil(work);"],
  ])("%s is not everybody's: %s", (ability, text) => {
    const found = said({ "cache/cache.ts": `\n${text}` });
    expect(found).toEqual([
      expect.stringContaining(
        `src/cache/cache.ts:2: uses ${ability}, which only platform/ and worker.ts may: use edge.`,
      ),
    ]);
    expect(said({ "platform/cloudflare/ports.ts": text })).toEqual([]);
  });

  test.each([
    "export const got = (edge) => edge.fetch(1);",
    "export const got = ({ fetch }) => fetch(1);",
    "export interface Ports { readonly fetch: (url: string) => void; now(): number }",
    "export const date = new Date(0); export const read = Date.parse('x');",
    "// Date.now() is not for us\nexport const text = 'Math.random()';",
    "export type F = typeof globalThis;",
    "export const digest = crypto.subtle;",
  ])("what only looks like one is fine: %s", (text) => {
    expect(said({ "cache/cache.ts": text })).toEqual([]);
  });
});

test("what doesn't parse is said, not passed over", () => {
  expect(() => said({ "cache/cache.ts": "export const = 1;" })).toThrow("cache/cache.ts");
});
