/** isbot's own fixtures, where its package has any: lists of User-Agents of crawlers, and of browsers. */
import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { root } from "../../scripts/project.ts";
import { defaultBots } from "../../src/config/identities.ts";
import { nameOf } from "../../src/scrub/bots/name.ts";

const cwd = join(root, "node_modules/isbot");
const files = globSync("{fixtures,test,tests}/**/*.{json,txt,yml}", { cwd });
const isAbsent = files.length === 0;

function isPerson(agent: string): boolean {
  return nameOf(agent, { table: defaultBots, remember: (_, make) => make() }).kind === "person";
}

/** JSON of any nesting, or a text with one a line. */
function agentsIn(file: string): readonly string[] {
  const text = readFileSync(join(cwd, file), "utf8");
  const found = file.endsWith(".json") ? (JSON.stringify(JSON.parse(text)).match(/"(?:\\.|[^"\\])*"(?!:)/g) ?? []) : [];
  return file.endsWith(".json")
    ? found.map((each) => JSON.parse(each) as string)
    : text.split("\n").filter((line) => /\S/.test(line));
}

test.skipIf(isAbsent)(
  `isbot's crawlers are bots, and its browsers are people${isAbsent ? " (skipped: its package has no fixtures)" : ""}`,
  () => {
    for (const file of files) {
      const wrong = agentsIn(file).filter((agent) => isPerson(agent) !== /browser/.test(file));
      expect([file, wrong]).toEqual([file, []]);
    }
  },
);
