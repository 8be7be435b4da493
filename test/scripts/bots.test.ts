import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as fc from "fast-check";
import { parse } from "smol-toml";
import { afterAll, expect, test } from "vitest";
import { classify, kindIn } from "../../scripts/bots/classify.ts";
import { readPublished, ShapeError } from "../../scripts/bots/published.ts";
import { toToml } from "../../scripts/bots/render.ts";
import { checkFile } from "../../scripts/check/check.ts";
import { runCli } from "./cli.ts";

const directory = mkdtempSync(join(tmpdir(), "perigee-test-"));
afterAll(() => rmSync(directory, { recursive: true }));

function file(name: string, content: unknown): string {
  const path = join(directory, name);
  writeFileSync(path, typeof content === "string" ? content : JSON.stringify(content));
  return path;
}

async function bots(...args: readonly string[]) {
  const cli = runCli("bots", ...args);
  return { code: await cli.exit, output: cli.output() };
}

const patterns = [
  { pattern: "Googlebot\\/", url: "https://a.example", instances: [] },
  { pattern: "[wW]get" },
  { pattern: "^Newcomer Bot\\b", tags: ["seo"] },
  { pattern: "Mystery-?Bot" },
  { pattern: "Chrome\\/", tags: ["seo"] },
  { pattern: "Strange\\.Bot" },
];
const robots = {
  GPTBot: { operator: "OpenAI", respect: "Yes", function: "Scrapes data to train AI products." },
  ClaudeBot: { function: "AI Search Crawlers" },
  "Young-Trainer": { function: "Trains language models." },
  "Young-Helper": { function: "AI Assistants" },
  "Young/ Bot!": { function: "AI Assistants" },
};

test("makes of published lists what a config can add, and says what it couldn't", async () => {
  const out = join(directory, "bots.json");
  const lists = [
    file("patterns.json", patterns),
    file("robots.json", robots),
    file("names.txt", "User-agent: *\nUser-agent: Plain-Bot # ours\nDisallow: /\ncurl\n"),
  ];
  const { code, output } = await bots("build", ...lists, "--out", out);
  expect(code).toBe(0);
  expect(output.trimEnd().split("\n")).toEqual([
    `${out} is written: 1 monitor, 1 ai-training, 1 ai-agent. 4 are known already.`,
    "ClaudeBot stays ai-training, though the list says ai-search: name it in BOTS yourself to change that.",
    "Nothing tells the kind of 2: Strange.Bot, Plain-Bot. Give them one with --kind, or in BOTS.",
    "No token can be made of 3: Chrome, Young/ Bot!, Mystery-?Bot. Write the product's name into BOTS.",
  ]);
  const written = JSON.parse(readFileSync(out, "utf8")) as object;
  expect(written).toEqual({
    BOTS: { monitor: ["^Newcomer Bot"], "ai-training": ["Young-Trainer"], "ai-agent": ["Young-Helper"] },
  });
  const config = { ORIGINS: [{ name: "a", url: "https://a.example" }], SITES: [{ hosts: ["*"] }], ...written };
  expect(checkFile(file("config.json", config))).toMatchObject({ kind: "right" });
});

test("a text list gets the kind that is asked for, and a long one is split for wrangler.toml", async () => {
  const out = join(directory, "bots.toml");
  const names = Array.from({ length: 600 }, (_, index) => `Invented-Partner-${index}`);
  expect(await bots("build", file("long.txt", names.join("\r\n")), "-k", "monitor", "-o", out)).toMatchObject({
    code: 0,
  });
  const toml = readFileSync(out, "utf8");
  const { vars } = parse(toml) as unknown as { vars: Record<string, { monitor: string[] }> };
  expect(Object.keys(vars)).toEqual(["BOTS", "BOTS_1", "BOTS_2"]);
  expect(Object.values(vars).every((part) => JSON.stringify(part).length < 5_000)).toBe(true);
  expect(
    Object.values(vars)
      .flatMap(({ monitor }) => monitor)
      .toSorted(),
  ).toEqual(names.toSorted());
  const rest = '[[vars.ORIGINS]]\nname = "a"\nurl = "https://a.example"\n[[vars.SITES]]\nhosts = ["*"]\n';
  expect(checkFile(file("wrangler.toml", rest + toml))).toMatchObject({ kind: "right" });
});

test.each<[what: string, args: () => readonly string[], says: string]>([
  ["a file that isn't there", () => ["build", join(directory, "none"), "-o", "x"], "none can't be read"],
  ["no JSON", () => ["build", file("broken.json", "[{"), "-o", "x"], "is none"],
  ["another list", () => ["build", file("other.json", [{ name: "x" }]), "-o", "x"], "objects with a pattern"],
  ["no such kind", () => ["build", file("a.txt", "A"), "-o", "x", "--kind", "alien"], "Allowed choices"],
])("says what is wrong: %s", async (_, args, says) => {
  const { code, output } = await bots(...args());
  expect(code).toBe(1);
  expect(output).toContain(says);
});

test("tells who is who", async () => {
  expect((await bots("name", "GPTBot/1.3")).output).toBe("gptbot: ai-training\n");
  expect((await bots("name", "Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0")).output).toBe(
    "person\n",
  );
});

test.each([
  ["AI Data Scrapers", "ai-training"],
  ["AI Search Crawlers", "ai-search"],
  ["Undocumented AI Agents", "ai-agent"],
  ["Takes action based on user prompts and requests.", "ai-agent"],
  ["search-engine", "search"],
  ["vulnerability scanner", "scanner"],
  ["A small robot", undefined],
])("%j says %s", (about, kind) => {
  expect(kindIn([about])).toBe(kind);
});

test("whatever a file holds is read, or is of no known shape; and all that is added can be written", () => {
  const anything = fc.oneof(
    fc.string({ unit: "binary" }),
    fc.json(),
    fc.array(fc.record({ pattern: fc.string() })).map((list) => JSON.stringify(list)),
  );
  fc.assert(
    fc.property(anything, (text) => {
      try {
        const { added } = classify(readPublished(text).listed, "tool");
        parse(toToml(added));
      } catch (error) {
        expect(error).toBeInstanceOf(ShapeError);
      }
    }),
  );
});
