/** The wrangler.toml that is shipped: what people start from. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "smol-toml";
import { expect, test } from "vitest";
import { loadConfig } from "../../src/config/config.ts";
import type { CachePolicy, Config, Settings } from "../../src/config/model.ts";
import { policySchema } from "../../src/config/schema/policy.ts";

const text = readFileSync(join(import.meta.dirname, "../../wrangler.toml"), "utf8");

/** The config of a wrangler.toml; throws with what is wrong with it. */
function configOf(toml: string): Config {
  const { vars, ratelimits } = parse(toml) as { vars: Record<string, unknown>; ratelimits: { name: string }[] };
  const loaded = loadConfig(vars, { limiters: ratelimits.map(({ name }) => name) });
  if (loaded.kind === "problems") throw new Error(JSON.stringify(loaded.problems));
  return loaded.config;
}

const settingsOf = (toml: string): Settings => configOf(toml).settings;

test("it is right, and believes no visitor of where they are", () => {
  expect(settingsOf(text)).toMatchObject({ localVisitors: false, trail: false });
});

test("its commented settings are the defaults", () => {
  const section = /\[vars\.SETTINGS\]\n(?:# .*\n)+/.exec(text)![0];
  const uncommented = settingsOf(text.replace(section, section.replaceAll(/^# /gm, "")));
  const defaults = settingsOf(text);
  expect(Object.keys(uncommented)).toEqual(Object.keys(defaults));
  // Of the types, of which there are many, it shows two.
  const { types } = uncommented.compress;
  expect(uncommented).toEqual({ ...defaults, compress: { ...defaults.compress, types } });
  expect(defaults.compress.types).toEqual(expect.arrayContaining([...types]));
});

test("its commented cache settings are the defaults, but for the ttl, which has none", () => {
  const [section] = /# \[vars\.SITES\.cache\]\n(?:# .*\n)+/.exec(text)!;
  const cachingOf = (toml: string): CachePolicy => configOf(toml).sites.exact.get("www.example.com")!.caching;
  const uncommented = cachingOf(text.replace(section, section.replaceAll(/^# /gm, "")));
  const defaults = cachingOf(text);
  expect(uncommented).toEqual({ ...defaults, ttl: 3_600_000 });
});

test("it shows all that may be said of caching; `stale` is short for two others", () => {
  const [, { entries }] = policySchema.options;
  const shown = [...text.matchAll(/^# (\w+) = .*\n/gm)].map(([, name]) => name);
  expect(shown).toEqual(expect.arrayContaining(Object.keys(entries).filter((name) => name !== "stale")));
});
