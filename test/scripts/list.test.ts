import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as fc from "fast-check";
import { afterAll, expect, test } from "vitest";
import { checkFile } from "../../scripts/check/check.ts";
import { readTextList } from "../../scripts/list/text-list.ts";
import { runCli } from "./cli.ts";

const directory = mkdtempSync(join(tmpdir(), "perigee-test-"));
afterAll(() => rmSync(directory, { recursive: true }));

/** A file of these lines; its path. */
function file(name: string, ...lines: readonly string[]): string {
  const path = join(directory, name);
  writeFileSync(path, lines.join("\n"));
  return path;
}

async function list(...args: readonly string[]) {
  const cli = runCli("list", ...args);
  return { code: await cli.exit, output: cli.output() };
}

test("builds one file of several texts, shows it, and looks into it", async () => {
  const out = join(directory, "bad.list");
  const texts = [
    file("a.txt", "# bad ones", "10.0.0.0/9 ; half", "10.128.0.0/9", "", "192.0.2.1-192.0.2.6, 192.0.2.1"),
    file("b.txt", "\uFEFF2001:db8::/32\r", "2001:db8:1::/48\r", "2001:db9::7\r", "AS64500 // a hoster\r", "KP\r"),
  ];
  const built = await list("build", ...texts, "--out", out);
  expect(built).toMatchObject({ code: 0 });
  expect(built.output).toContain("IPv4 prefixes: 5; IPv6 prefixes: 2; AS numbers: 1; texts: 1.");

  const shown = await list("show", out, "--members");
  const members = ["10.0.0.0/8", "192.0.2.1/32", "192.0.2.2/31", "192.0.2.4/31", "192.0.2.6/32"];
  const others = ["2001:db8::/32", "2001:db9::7/128", "AS64500", "kp"];
  expect(shown.output.trimEnd().split("\n")).toEqual([...members, ...others]);

  // What is shown builds the same file.
  const again = join(directory, "again.list");
  await list("build", file("again.txt", shown.output), "--out", again);
  expect(readFileSync(again)).toEqual(readFileSync(out));

  const known = await list("test", out, "10.200.0.1", "::ffff:192.0.2.3", "2001:db8:1::5", "as64500", "kp");
  expect(known).toMatchObject({ code: 0, output: expect.not.stringContaining("not in it") as string });
  expect(await list("test", out, "64500", "64501", "999.1.1.1")).toEqual({
    code: 1,
    output: '64500 is in it\n64501 is not in it\n"999.1.1.1" is no address.\n',
  });
  const unknown = await list("test", out, "10.200.0.1", "192.0.2.7");
  expect(unknown).toMatchObject({ code: 1, output: "10.200.0.1 is in it\n192.0.2.7 is not in it\n" });
});

test("names every mistake by file and line, and writes nothing", async () => {
  const wrong = file("wrong.txt", "10.0.0.1/8", "", "64500", "AS4294967296", "1.2.3", "192.0.2.9-192.0.2.1", "fine");
  const out = join(directory, "wrong.list");
  const { code, output } = await list("build", file("right.txt", "192.0.2.1"), wrong, "--out", out);
  expect(code).toBe(1);
  expect(output.trimEnd().split("\n")).toEqual([
    `error: ${wrong}:1: "10.0.0.1/8" has bits set after its length; did you mean 10.0.0.0/8?`,
    `${wrong}:3: "64500" could be anything: write an AS number as AS64500.`,
    `${wrong}:4: "AS4294967296" is no AS number: the largest is AS4294967295.`,
    `${wrong}:5: "1.2.3" is no address.`,
    `${wrong}:6: "192.0.2.9-192.0.2.1" is no range.`,
  ]);
  expect((await list("show", out)).output).toContain("can't be read");
});

test.each<[what: string, text: string, members: number]>([
  [
    "Google's",
    '{"creationTime":"2026-01-01T00:00:00.0","prefixes":[{"ipv4Prefix":"192.0.2.0/24"},{"ipv6Prefix":"2001:db8::/32"}]}',
    2,
  ],
  [
    "Amazon's",
    '{"syncToken":"1","prefixes":[{"ip_prefix":"192.0.2.0/24","region":"eu-1"}],"ipv6_prefixes":[{"ipv6_prefix":"2001:db8::/32"}]}',
    2,
  ],
  ["GitHub's", '{"hooks":["192.0.2.0/24"],"web":["198.51.100.7"],"ssh_keys":["ssh-ed25519 AAAA"]}', 2],
  ["Fastly's", '\uFEFF {"addresses":["192.0.2.0/24"],"ipv6_addresses":["2001:db8::/32"]}', 2],
  ["Azure's", '{"values":[{"name":"a","properties":{"addressPrefixes":["192.0.2.0/24","2001:db8::/32"]}}]}', 2],
  ["a range", '{"ranges":["192.0.2.0-192.0.2.9"]}', 1],
  ["a list of anything", '["192.0.2.7", "AS64500", "KP"]', 3],
])("JSON is read: %s", (_, text, members) => {
  expect(readTextList(text)).toMatchObject({ problems: [], members: { length: members } });
});

test.each<[text: string, ...problems: [line: number, says: string][]]>([
  ["<html>\n<h1>Not Found</h1>\n</html>", [1, '"<html>" is no address, prefix'], [2, "is no"], [3, "is no"]],
  ["Not Found", [1, '"Not Found" is no address, prefix, range, AS number or word of letters, digits and "._-".']],
  ["ok\n1.2.3.4:80", [2, '"1.2.3.4:80" is more than an address or prefix; did you mean 1.2.3.4?']],
  ["[2001:db8::1]", [1, "did you mean 2001:db8::1?"]],
  ["[2001:db8::1]:443", [1, "did you mean 2001:db8::1?"]],
  ["http://1.2.3.4/", [1, "did you mean 1.2.3.4?"]],
  ['"192.0.2.2",KP', [1, "did you mean 192.0.2.2?"]],
  ["999.1.1.1", [1, '"999.1.1.1" is no address.']],
  ["{", [1, "It begins as JSON and is none: "]],
  ['{"error":"no such file"}', [1, "This JSON has no addresses or prefixes."]],
  ['{"prefixes":[\n{"ipv4Prefix":"192.0.2.1/24"}]}', [2, "did you mean 192.0.2.0/24?"]],
  ['["192.0.2.7", "a b"]', [1, '"a b" is no']],
])("what is no list is told: %j", (text, ...problems) => {
  expect(readTextList(text).problems).toMatchObject(
    problems.map(([line, says]) => ({ line, says: expect.stringContaining(says) as string })),
  );
});

test.each<[what: string, args: () => readonly string[], says: string]>([
  ["a text that isn't there", () => ["build", join(directory, "none.txt"), "-o", "x"], "none.txt can't be read"],
  ["a place that isn't there", () => ["build", file("one.txt", "KP"), "-o", join(directory, "no/x")], "no such file"],
  ["a text where a list should be", () => ["show", file("text.txt", "192.0.2.1\n".repeat(9))], "it is no list"],
  ["no place for the list", () => ["build", "one.txt"], "--out"],
])("says what is wrong: %s", async (_, args, says) => {
  const { code, output } = await list(...args());
  expect(code).toBe(1);
  expect(output).toContain(says);
});

test("a mistake in every line is a problem each, and long lines take no longer than short ones", () => {
  const text = "300.1.2.3\n".repeat(1000);
  expect(readTextList(text)).toMatchObject({ members: [], problems: { length: 1000 } });
  const spaces = readTextList(`${" \t".repeat(100_000)}x${" #".repeat(100_000)}`);
  expect(spaces.members).toHaveLength(1);
});

test.each([
  ["kv_namespaces", "kv"],
  ["r2_buckets", "r2"],
])("a config may name a list in what stands under [[%s]], and nothing else", (heading, store) => {
  const check = (binding: string) =>
    checkFile(
      file(
        "wrangler.toml",
        `[[${heading}]]`,
        'binding = "STORE"',
        "[vars]",
        'ORIGINS = [{ name = "a", url = "https://a.example" }]',
        'SITES = [{ hosts = ["*"] }]',
        `LISTS = { bad = { ${store} = "${binding}", key = "bad.list" } }`,
      ),
    );
  expect(check("STORE")).toMatchObject({ kind: "right" });
  expect(check("STROE")).toMatchObject({ kind: "wrong", problems: [{ at: `LISTS.bad.${store}` }] });
});

test("every part of any text is a member, a problem, or a comment", () => {
  const written = fc.array(
    fc.oneof(fc.string(), fc.ipV4(), fc.ipV6(), fc.constantFrom(",", "\n", " # ", "-", "/", "AS")),
  );
  fc.assert(
    fc.property(written, (parts) => {
      const text = parts.join("");
      const { members, problems } = readTextList(text);
      expect(members.length + problems.length).toBeLessThanOrEqual(text.split(/[\r\n,]/).length);
      for (const { line } of problems) expect(line).toBeLessThanOrEqual(text.split(/\r\n|\n|\r/).length);
    }),
  );
});
