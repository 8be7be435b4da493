import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as fc from "fast-check";
import { afterAll, expect, test } from "vitest";
import { pathsFor, redirectsOf } from "../../scripts/bench/redirects.ts";
import { readCsv } from "../../scripts/redirects/csv.ts";
import { RedirectTable, toEntry, type Entry } from "../../src/redirects/redirects.ts";
import { runCli } from "./cli.ts";

const directory = mkdtempSync(join(tmpdir(), "perigee-test-"));
afterAll(() => rmSync(directory, { recursive: true }));

/** A file of these lines; its path. */
function file(name: string, ...lines: readonly string[]): string {
  const path = join(directory, name);
  writeFileSync(path, lines.join("\n"));
  return path;
}

async function redirects(...args: readonly string[]) {
  const cli = runCli("redirects", ...args);
  return { code: await cli.exit, output: cli.output() };
}

test("builds one file of texts and CSV, shows it, and looks into it", async () => {
  const out = join(directory, "moved");
  const text = file("a.txt", "\uFEFF# moved", "/old /new", "", "/blog/:year/* /news/:splat?y=:year 302 drop # all");
  const csv = file("b.csv", "to,From,status", '"/x,""y""",/csv,308', "https://a.example/,www.example.com/a,");
  const built = await redirects("build", text, csv, "--out", out);
  expect(built).toEqual({ code: 0, output: expect.stringContaining("4 redirects") as string });
  const shown = await redirects("show", out);
  const lines = [
    "/old /new 301",
    "/blog/:year/* /news/:splat?y=:year 302 drop",
    '/csv /x,"y" 308',
    "www.example.com/a https://a.example/ 301",
  ];
  expect(shown.output.trimEnd().split("\n")).toEqual(lines);

  // What is shown builds the same file.
  const again = join(directory, "again");
  await redirects("build", file("again.txt", shown.output), "--out", again);
  expect(readFileSync(again)).toEqual(readFileSync(out));

  expect(await redirects("test", out, "/blog/2020/a?b=c", "https://www.example.com/a?b=c", "/x")).toEqual({
    code: 1,
    output:
      "/blog/2020/a?b=c → /news/a?y=2020 (302, by /blog/:year/*)\n" +
      "https://www.example.com/a?b=c → https://a.example/?b=c (301, by www.example.com/a)\n/x isn't redirected\n",
  });
});

test("all that is wrong is told with its place, and nothing is written", async () => {
  const out = join(directory, "none");
  const bad = file(
    "bad.txt",
    "/a /b",
    "/b /a",
    "/c :x",
    "/d",
    "/a /e",
    "/f /g 200",
    "/h/* https://www.example.com/h/:splat",
  );
  const { code, output } = await redirects("build", bad, "--host", "www.example.com", "--out", out);
  expect(code).toBe(1);
  expect(output.replaceAll(bad, "F")).toContain('F:1: It leads round in a circle: "/a" → ');
  expect(
    output
      .replaceAll(bad, "F")
      .match(/F:[3-6]: "[^"]*"/g)
      ?.toSorted(),
  ).toEqual(['F:3: ":x"', 'F:4: ""', 'F:5: "/a"', 'F:6: "200"']);
  expect(() => readFileSync(out)).toThrow("ENOENT");
});

test.each([
  [["build", join(directory, "missing.txt"), "-o", join(directory, "x")], "can't be read"],
  [["build", file("ok.txt", "/a /b"), "-o", join(directory, "no/such/folder")], "ENOENT"],
  [["show", file("no.table", "hello\n")], "it is no table that was made"],
])("%j ends with a sentence", async (args, says) => {
  expect(await redirects(...args)).toEqual({
    code: 1,
    output: expect.stringMatching(new RegExp(`^error: .*${says}[^\n]*\n$`)) as string,
  });
});

test("CSV is read as it is written, and any text somehow", () => {
  const field = fc.stringMatching(/^[a-z",\n ]{0,5}$/).map((text) => text.trim());
  const rows = fc.array(
    fc.array(field, { minLength: 1, maxLength: 4 }).filter((fields) => fields.some((each) => each !== "")),
    { maxLength: 5 },
  );
  fc.assert(
    fc.property(rows, fc.constantFrom("\n", "\r\n"), (written, end) => {
      const text = written
        .map((fields) => fields.map((each) => `"${each.replaceAll('"', '""')}"`).join(",") + end)
        .join("");
      expect(readCsv(text).map(({ fields }) => fields)).toEqual(written);
    }),
  );
  fc.assert(
    fc.property(fc.string({ unit: fc.constantFrom('"', ",", "\n", "\r", "a", " ") }), (text) => void readCsv(text)),
  );
});

test("the bench asks for what is redirected, and for what isn't", () => {
  const table = new RedirectTable(redirectsOf(100).map((each) => toEntry(each) as Entry));
  const found = (kind: "exact" | "pattern" | "none"): number =>
    pathsFor(100, kind, { seed: 1, many: 50 }).filter((pathname) => table.find({ hostname: "a", pathname, search: "" }))
      .length;
  expect([found("exact"), found("pattern"), found("none")]).toEqual([50, 50, 0]);
});
