/** What the documents say of the code is held to the code. */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { parse } from "smol-toml";
import { expect, test } from "vitest";
import { loadConfig } from "../../src/config/config.ts";
import { experimentSchema } from "../../src/config/schema/experiment.ts";
import { originSchema } from "../../src/config/schema/origin.ts";
import { ruleSchema } from "../../src/config/schema/rule.ts";
import { settingsSchema } from "../../src/config/schema/settings.ts";
import { siteSchema } from "../../src/config/schema/site.ts";
import { reasons } from "../../src/reasons.ts";
import { createLanguage } from "../../src/rules/rules.ts";

const root = join(import.meta.dirname, "../..");
const documents = [...readdirSync(root), ...readdirSync(join(root, "docs")).map((name) => join("docs", name))].filter(
  (name) => name.endsWith(".md"),
);

function read(document: string): string {
  return readFileSync(join(root, document), "utf8");
}

test.each(Object.entries(reasons))("docs/OPERATIONS.md has the reason %s with its status", (reason, { status }) => {
  expect(read("docs/OPERATIONS.md")).toMatch(new RegExp(`^\\| \`${reason}\` +\\| ${status} +\\| `, "m"));
});

test("docs/OPERATIONS.md has no reason that the code doesn't have", () => {
  const table = /## Reasons\n(.*?)\n## /s.exec(read("docs/OPERATIONS.md"))![1]!;
  const named = [...table.matchAll(/^\| `([^`]+)` +\| \d/gm)].map(([, name]) => name);
  expect(named.toSorted()).toEqual(Object.keys(reasons).toSorted());
});

const unchecked = { limiters: undefined, fetchers: undefined, secrets: undefined };
const known = { language: createLanguage(new Map()), origins: [], sites: [], ...unchecked };

test.each([
  ["ORIGINS", originSchema(known).entries],
  ["SITES", siteSchema(known).entries],
  ["RULES", ruleSchema(known).entries],
  ["EXPERIMENTS", experimentSchema(known).entries],
  ["SETTINGS", settingsSchema.entries],
])("docs/CONFIGURATION.md has every field of %s", (binding, entries) => {
  const section = new RegExp(`## \`\\[+vars\\.${binding}\\]+\`.*?(?=\\n## )`, "s").exec(
    read("docs/CONFIGURATION.md"),
  )![0];
  for (const field of Object.keys(entries))
    expect(section).toMatch(new RegExp(`^\\| \`${field}(?:\\.\\w+)?\` +\\| `, "m"));
});

const actions = read("docs/CONFIGURATION.md").matchAll(/^\| `(\w+)` +\| ((?:`\1[ .][^`]+`(?:, )?)+) +\|/gm);
const examples = [...actions].flatMap(([, , cell]) => [...cell!.matchAll(/`([^`]+)`/g)].map(([, example]) => example!));

test("there are examples of actions", () => {
  expect(examples.length).toBeGreaterThan(12);
});

test.each(examples)("the example %s is one that the config takes", (example) => {
  const toml = `
    [[ORIGINS]]
    name = "frankfurt"
    url = "https://fra.origin.example.com"
    [[SITES]]
    hosts = ["*"]
    [[RULES]]
    ${example}`;
  expect(loadConfig(parse(toml), { limiters: ["LOGIN_LIMIT"] })).toMatchObject({ kind: "config" });
});

test.each(["EXPERIMENTS.md", "CONFIGURATION.md"])("the experiment in docs/%s is one that the config takes", (name) => {
  const block = /(?:^ {4}\[\[vars\.EXPERIMENTS.*\n(?: {4}.*\n|\n(?= {4}))+)/m.exec(read(join("docs", name)))![0];
  const { vars } = parse(block.replaceAll(/^ {4}/gm, "")) as { vars: object };
  const basis = { ORIGINS: [{ name: "a", url: "https://a.example" }], SITES: [{ hosts: ["*"] }] };
  const loaded = loadConfig({ ...basis, ...vars });
  expect(loaded).toMatchObject({ kind: "config", config: { experiments: [{ name: "checkout", variants: [{}, {}] }] } });
});

test.each(documents)("the links of %s lead somewhere", (document) => {
  const targets = [...read(document).matchAll(/\]\((?!https?:)([^)#]*)(?:#[^)]*)?\)/g)].map(([, target]) => target!);
  const missing = targets.filter((target) => !existsSync(join(root, dirname(document), target)));
  expect(missing).toEqual([]);
});
