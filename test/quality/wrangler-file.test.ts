/** The wrangler.toml that is shipped: what people start from. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "smol-toml";
import { expect, test } from "vitest";
import { loadConfig } from "../../src/config/config.ts";
import type { Settings } from "../../src/config/model.ts";

const text = readFileSync(join(import.meta.dirname, "../../wrangler.toml"), "utf8");

/** The settings of a wrangler.toml; throws with what is wrong with it. */
function settingsOf(toml: string): Settings {
  const { vars, ratelimits } = parse(toml) as { vars: Record<string, unknown>; ratelimits: { name: string }[] };
  const loaded = loadConfig(
    vars,
    ratelimits.map(({ name }) => name),
  );
  if (loaded.kind === "problems") throw new Error(JSON.stringify(loaded.problems));
  return loaded.config.settings;
}

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
