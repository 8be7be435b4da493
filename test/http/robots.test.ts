import fc from "fast-check";
import { expect, test } from "vitest";
import { isRobotsPath, mergeRobots, type RobotsPolicy } from "../../src/http/robots.ts";

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
    "other ends of lines and a mark",
    "\uFEFFUser-agent: *\r\nDisallow: /x\rDisallow: /y",
    `User-agent: *\n${signal}\nDisallow: /x\nDisallow: /y\n`,
  ],
];

test.each(files)("%s", (_, own, merged) => {
  expect(mergeRobots(policy, own, (url) => `mapped:${url}`)).toBe(head + merged);
});

test("merged again, it says the same to everybody", () => {
  for (const [, own] of files) {
    const once = mergeRobots(policy, own, (url) => url);
    const groups = (text: string): readonly string[] =>
      text
        .split("\n")
        .filter((line) => /^[^#]/.test(line))
        .toSorted();
    expect(groups(mergeRobots(policy, once, (url) => url))).toEqual(groups(once));
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

test("what stands between two names of a group parts them no more than it did", () => {
  const own = "User-agent: Bing\nContent-Signal: search=no\nCrawl-delay: 5\nUser-agent: GPTBot\nAllow: /a";
  const merged = mergeRobots(policy, own, (url) => url);
  expect(merged).toContain(`User-agent: Bing\nContent-Signal: ${policy.signal}\nCrawl-delay: 5\nAllow: /a\n`);
  const alone = mergeRobots(
    policy,
    "User-agent: Bing\nAllow: /\nUser-agent: GPTBot\nCrawl-delay: 5\nAllow: /a",
    (url) => url,
  );
  expect(alone).not.toContain("Crawl-delay");
});

test("whatever the origin has, who is refused is refused everything, and nobody else is told otherwise than before", () => {
  fc.assert(
    fc.property(file, (own) => {
      const merged = mergeRobots(policy, own, (url) => url);
      expect(rulesFor(merged, "gptbot")).toEqual(["Disallow: /"]);
      expect(rulesFor(merged, "bing")).toEqual(rulesFor(own, "bing"));
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
