import fc from "fast-check";
import { expect, test } from "vitest";
import { isRobotsPath, mergeRobots, type RobotsPolicy } from "../../src/http/robots.ts";

const inner = /origin\.example/gi;

/** An origin that is at origin.example, and the visited host is www.example. */
const hiding = {
  link: (url: string): string => `mapped:${url.replace(inner, "www.example")}`,
  map: (text: string): string => text.replace(/(?<![\w/]\/)\borigin\.example\b/gi, "www.example"),
  isNamedIn: (text: string): boolean => text.search(inner) !== -1,
};
const plainly = { ...hiding, link: (url: string): string => url };

const policy: RobotsPolicy = {
  refused: [
    { about: "Ones.", tokens: ["GPTBot", "CCBot"] },
    { about: "Others.", tokens: ["Some.Bot"] },
  ],
  signal: "search=yes, ai-train=no",
};

const head =
  "# Ones.\nUser-agent: GPTBot\nUser-agent: CCBot\nDisallow: /\n\n# Others.\nUser-agent: Some.Bot\nDisallow: /\n\n";
const everybody = "User-agent: *\nContent-Signal: search=yes, ai-train=no\nAllow: /\n";
const signal = "Content-Signal: search=yes, ai-train=no";

const files: readonly [what: string, own: string, merged: string][] = [
  ["nothing", "", everybody],
  ["only a comment", "# hello\n", `${everybody}\n# hello\n`],
  ["everybody's group", "User-agent: *\nDisallow: /x", `User-agent: *\n${signal}\nDisallow: /x\n`],
  ["a group of somebody else", "user-agent: Bing\nDisallow:", `${everybody}\nuser-agent: Bing\n${signal}\nDisallow:\n`],
  ["a group of one who is refused", "User-agent: gptbot\nAllow: /\nCrawl-delay: 5\n", everybody],
  ["one with a version", "User-agent: GPTBot/1.2 # theirs\nAllow: /\n", everybody],
  [
    "a group of both",
    "User-agent: GPTBot\nUser-agent: Bing\nAllow: /a\nUser-agent: ccbot\nAllow: /b\n",
    `${everybody}\nUser-agent: Bing\n${signal}\nAllow: /a\n`,
  ],
  [
    "a signal of its own",
    "User-agent: *\nContent-Signal: ai-train=yes\nAllow: /\nContent-signal: search=no\n",
    `User-agent: *\n${signal}\nAllow: /\n`,
  ],
  ["a group without rules", "User-agent: *\n", `User-agent: *\n${signal}\n`],
  ["sitemaps between", "User-agent: CCBot\nSitemap: /s\nDisallow: /x", `${everybody}\nSitemap: mapped:/s\n`],
  [
    "lines that nobody knows, in whosever group",
    "A: 1\nUser-agent: GPTBot\nB: 2\nAllow: /\nsome words\nC: 3\n\nUser-agent: *\nD: 4\nAllow: /\nE: 5",
    `A: 1\nB: 2\nsome words\nC: 3\n\nUser-agent: *\n${signal}\nD: 4\nAllow: /\nE: 5\n`,
  ],
  [
    "spellings that only some read",
    "Useragent: gptbot\nuser agent: Bing\nAllow /a\nDissallow: /b\n\nUser-agent *\nsite-map: /s",
    `User-agent: Bing\n${signal}\nAllow: /a\nDisallow: /b\n\nUser-agent: *\n${signal}\nSitemap: mapped:/s\n`,
  ],
  [
    "several names in a line",
    "User-agent: GPTBot, Bing, ccbot/2\nAllow: /\n",
    `${everybody}\nUser-agent: Bing\n${signal}\nAllow: /\n`,
  ],
  ...["GPTBot*", "GPTBot;x/1", "GPTBot, CCBot", '"GPTBot"', "*GPTBot", "GPTBot 1.2", "GPTBot2", "Some.Bot/"].map(
    (name): [string, string, string] => [
      `${name}, which some read as one who is refused`,
      `User-agent: ${name}\nAllow: /\nUser-agent: *\nDisallow: /x`,
      name.includes(";")
        ? `User-agent: x/1\n${signal}\nAllow: /\nUser-agent: *\n${signal}\nDisallow: /x\n`
        : `User-agent: *\n${signal}\nDisallow: /x\n`,
    ],
  ),
  [
    "what names the origin",
    "# of origin.example\nHost: origin.example\nX: /a/origin.example\nUser-agent: * # for origin.example\nAllow: / # at Origin.example\nDisallow: /a # why",
    `Host: www.example\nUser-agent: *\n${signal}\nAllow: /\nDisallow: /a # why\n`,
  ],
  [
    "other ends of lines and a mark",
    "\uFEFFUser-agent: *\r\nDisallow: /x\rDisallow: /y",
    `User-agent: *\n${signal}\nDisallow: /x\nDisallow: /y\n`,
  ],
];

test.each(files)("%s", (_, own, merged) => {
  expect(mergeRobots(policy, own, hiding)).toBe(head + merged);
});

test("merged again, it says the same to everybody", () => {
  for (const [, own] of files) {
    const once = mergeRobots(policy, own, plainly);
    const groups = (text: string): readonly string[] =>
      text
        .split("\n")
        .filter((line) => /^[^#]/.test(line))
        .toSorted();
    expect(groups(mergeRobots(policy, once, plainly))).toEqual(groups(once));
  }
});

/** As a crawler reads it (RFC 9309 §2.2.1): the rules of all groups with its name. */
function rulesFor(text: string, name: string): readonly string[] {
  const rules: string[] = [];
  let [isMine, isInRules] = [false, true];
  for (const line of text.split(/\r\n|\n|\r/)) {
    const [, key = "", value = ""] = /^\s*([\w-]+)\s*:\s*([^#]*?)\s*(?:#|$)/.exec(line) ?? [];
    if (key.toLowerCase() === "user-agent") {
      if (isInRules) [isMine, isInRules] = [false, false];
      isMine ||= value.split(/[\s/]/)[0]!.toLowerCase() === name;
    } else if (/^(?:dis)?allow$/i.test(key)) {
      isInRules = true;
      if (isMine) rules.push(line.trim());
    }
  }
  return rules;
}

const lines = fc.oneof(
  fc.string(),
  fc
    .tuple(
      fc.constantFrom(
        "User-agent",
        "user-agent ",
        "Disallow",
        "Allow",
        "Sitemap",
        "Content-Signal",
        "Crawl-delay",
        "X",
      ),
      fc.constantFrom("*", "GPTBot", "gptbot/2", "Bing", "/", "/a"),
    )
    .map((pair) => pair.join(": ")),
);
const file = fc.array(lines, { maxLength: 30 }).map((all) => all.join("\n"));

/** As the most lenient do: keys by their beginnings, a space in place of the colon, and of a name its letters alone. */
function rulesForLenient(text: string, name: string): readonly string[] {
  const rules: string[] = [];
  let [isMine, isInRules] = [false, true];
  for (const line of text.split(/\r\n|\n|\r/)) {
    const said = line.split("#")[0]!.trim();
    const [, key = "", value = ""] = /^([^:]*?)\s*:\s*(.*)$/.exec(said) ?? /^(\S+)\s+(\S+)$/.exec(said) ?? [];
    if (/^user[- ]?agent/i.test(key)) {
      if (isInRules) [isMine, isInRules] = [false, false];
      isMine ||= /^[a-z_-]*/i.exec(value)![0].toLowerCase() === name;
    } else if (/^(?:allow|dis?s?all?ow)/i.test(key)) {
      isInRules = true;
      if (isMine) rules.push(`${/^a/i.test(key) ? "Allow" : "Disallow"}: ${value}`);
    }
  }
  return rules;
}

test("what stands between two names of a group parts them no more than it did", () => {
  const own = "User-agent: Bing\nContent-Signal: search=no\nCrawl-delay: 5\nUser-agent: GPTBot\nAllow: /a";
  const merged = mergeRobots(policy, own, plainly);
  expect(merged).toContain(`User-agent: Bing\nContent-Signal: ${policy.signal}\nCrawl-delay: 5\nAllow: /a\n`);
  const alone = mergeRobots(
    policy,
    "User-agent: Bing\nAllow: /\nUser-agent: GPTBot\nCrawl-delay: 5\nAllow: /a",
    plainly,
  );
  expect(alone).not.toContain("Crawl-delay");
});

test("whatever the origin has, who is refused is refused everything, and nobody else is told otherwise than before", () => {
  fc.assert(
    fc.property(file, (own) => {
      const merged = mergeRobots(policy, own, plainly);
      expect(rulesFor(merged, "gptbot")).toEqual(["Disallow: /"]);
      expect(rulesFor(merged, "bing")).toEqual(rulesFor(own, "bing"));
    }),
    { numRuns: 2_000 },
  );
});

const oddLines = fc.oneof(
  lines,
  fc
    .tuple(
      fc.constantFrom("Useragent", "User agent", "USER-AGENT", "User-agents", "Allowed", "Dissallow", "disalow"),
      fc.constantFrom(": ", " ", ":", " : ", "\t"),
      fc.constantFrom("*", "GPTBot", "gptbot*", "GPTBot;x", "GPTBot, Bing", "Bing,CCBot", "Bing", "/", "/a"),
    )
    .map((parts) => parts.join("")),
);

test("nor is it otherwise for crawlers that read more than the standard says", () => {
  fc.assert(
    fc.property(fc.array(oddLines, { maxLength: 30 }), (all) => {
      const merged = mergeRobots(policy, all.join("\n"), plainly);
      for (const read of [rulesFor, rulesForLenient]) {
        expect(read(merged, "gptbot")).toEqual(["Disallow: /"]);
        expect(read(merged, "ccbot")).toEqual(["Disallow: /"]);
      }
      expect(rulesForLenient(merged, "bing")).toEqual(
        expect.arrayContaining([...rulesForLenient(all.join("\n"), "bing")]),
      );
    }),
    { numRuns: 2_000 },
  );
});

test.each([
  ["/robots.txt", true],
  ["/robots%2Etxt", true],
  ["/%72obots.txt", true],
  ["/Robots.txt", false],
  ["/a/robots.txt", false],
  [`/robots.txt${"a".repeat(9000)}`, false],
])("%s is where robots.txt is: %s", (path, is) => {
  expect(isRobotsPath(path)).toBe(is);
});
