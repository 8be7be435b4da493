/** No regular expression of the Worker can be made slow: the time of each grows with the text, and not with its square. */
import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parseSync } from "oxc-parser";
import { expect, test } from "vitest";
import { root } from "../../scripts/project.ts";

// In this thread: its other ways are processes of their own, which would outlive a run that is cut short.
process.env["RECHECK_SYNC_BACKEND"] = "pure";
const { checkSync } = await import("recheck");

/** Those that are asked about what the operator wrote and nothing else, when a config is loaded, by the file they are in. */
const forOperators: ReadonlySet<string> = new Set([
  "src/config/describe.ts",
  "src/config/quantity.ts",
  "src/config/read.ts",
  "src/config/site.ts",
  "src/rules/mistake.ts",
  "src/rules/pattern/syntax.ts",
  "src/rules/template.ts",
  "src/rules/values.ts",
]);

interface Found {
  readonly file: string;
  readonly pattern: string;
  readonly flags: string;
}

/** Each that is written in the text, once. */
function regexesIn(file: string, text: string): readonly Found[] {
  const found = new Map<string, Found>();
  const visit = (node: unknown): void => {
    if (typeof node !== "object" || node === null) return;
    const { type, regex } = node as { type?: string; regex?: { pattern: string; flags: string } };
    if (type === "Literal" && regex) found.set(`/${regex.pattern}/${regex.flags}`, { file, ...regex });
    else for (const child of Object.values(node)) visit(child);
  };
  visit(parseSync(file, text).program);
  return [...found.values()];
}

/** What ends its attempts are steps alone: in its usual milliseconds, it takes what is slow because the machine is busy for a find. */
const counting = { attackTimeout: null, incubationTimeout: null, seedingTimeout: null };

/** Where it begins to look, and which parts it numbers, makes no difference to the time. */
function statusOf({ pattern, flags }: Pick<Found, "pattern" | "flags">): string {
  return checkSync(pattern, flags.replaceAll(/[dy]/g, ""), { timeout: 60_000, ...counting }).status;
}

const files = globSync("src/**/*.ts", { cwd: root }).toSorted();
const regexes = files.flatMap((file) => regexesIn(file, readFileSync(join(root, file), "utf8")));

test("there are many, and those that can be slow are found", () => {
  expect(regexes.length).toBeGreaterThan(100);
  const slow = regexesIn("a.ts", String.raw`const a = /(a+)+$/; const b = [/\s+$/g, /^\d+$/];`);
  expect(slow.map(statusOf)).toEqual(["vulnerable", "vulnerable", "safe"]);
});

test("what visits are asked about takes a time that grows with its length", () => {
  const asked = regexes.filter(({ file }) => !forOperators.has(file));
  const results: string[] = [];
  for (const each of asked) {
    const status = statusOf(each);
    if (status !== "safe") results.push(`${each.file}: /${each.pattern}/${each.flags} is ${status}`);
  }
  expect(results).toEqual([]);
}, 300_000);
