import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { expect, test } from "vitest";
import { problem } from "../../scripts/bench/check.ts";
import type { Contestant } from "../../scripts/bench/contestant.ts";
import { cacheApi, perigee, perigeeFromMemory } from "../../scripts/bench/contestants.ts";
import { judge, median, ratios, spreadOf } from "../../scripts/bench/figures.ts";
import { allHeats, chooseHeats, titleOf, type Heat } from "../../scripts/bench/heats.ts";
import { autocannon, wrk } from "../../scripts/bench/load.ts";
import { objectOf, rangeOf, sizes } from "../../scripts/bench/objects.ts";
import { nginx } from "../../scripts/bench/programs/nginx.ts";
import { align, renderRows, renderStreamed, renderVerdict } from "../../scripts/bench/report.ts";
import { toRows } from "../../scripts/bench/rows.ts";
import { scenarios } from "../../scripts/bench/scenarios.ts";
import { root } from "../../scripts/project.ts";

test.each([
  [[3], 3],
  [[9, 1, 5], 5],
  [[10, 2, 9], 9], // by value, not as text
  [[4, 1, 3, 2], 2.5],
  [[], Number.NaN],
])("the median of %j is %d", (values, expected) => {
  expect(median(values)).toBe(expected);
});

test("values have a middle, and lie apart", () => {
  expect(spreadOf([30, 10, 20])).toEqual({ middle: 20, lowest: 10, highest: 30 });
});

const runsOf = (...cpu: number[]) => cpu.map((each) => ({ perSecond: 1_000 / each, cpu: each }));

test("a ratio is that of each round: a round in which all were slow doesn't change it", () => {
  expect(ratios(runsOf(10, 90, 12), runsOf(20, 180, 20))).toEqual({ middle: 0.5, lowest: 0.5, highest: 0.6 });
});

test.each([
  [1.3, true],
  [1.304, false], // printed as 1.30
  [1.306, false],
  [1.2, true],
])("%d against at most 1.3: met is %s", (value, met) => {
  expect(judge(value, 1.3)).toEqual({ value, atMost: 1.3, met });
});

test.each([
  [1.3, "≤ 1.3: met"],
  [1.304, "≤ 1.3: NOT met by 0.3 %"],
  [2.6, "≤ 1.3: NOT met"],
])("%d is said to be beyond 1.3 where its figure doesn't show it", (value, told) => {
  expect(renderVerdict(judge(value, 1.3), "1.3")).toBe(told);
});

const heatOf = (scenario: string, size: string): Heat =>
  allHeats.find((heat) => heat.scenario.name === scenario && heat.size === size)!;

test("rows are compared with their counterpart, and judged where there is a target", () => {
  const heat = heatOf("hit", "1 KB");
  const cpu = new Map([
    [cacheApi, runsOf(100, 200, 100)],
    [perigeeFromMemory, runsOf(75, 140, 80)],
    [nginx, runsOf(10, 30, 11)],
  ]);
  const timed = heat.entrants.flatMap((entrant) => {
    const runs = cpu.get(entrant.contestant);
    return runs ? [{ entrant, runs }] : [];
  });
  const [usual, memory, other] = toRows(heat, timed);
  expect(usual).toEqual({
    ...{ scenario: "hit", size: "1 KB", name: "usual Cache API worker" },
    ...{ perSecond: 10, cpu: 100, lowest: 100, highest: 200 },
  });
  expect(memory).toMatchObject({ against: "usual Cache API worker", ratio: 0.75, lowestRatio: 0.7, highestRatio: 0.8 });
  expect(memory!.verdict).toEqual({ value: 0.75, atMost: 0.75, met: true });
  expect(other).toMatchObject({ ratio: 0.11 });
  expect(other).not.toHaveProperty("verdict");
  expect(toRows(heat, timed.slice(1))[0]).not.toHaveProperty("ratio"); // nobody to compare with
});

test("a table says what is compared with what, and what was missed", () => {
  const row = { scenario: "hit", size: "1 KB", perSecond: 10, cpu: 5, lowest: 4, highest: 6 } as const;
  const ratio = { against: "the usual", ratio: 1.5, lowestRatio: 1.25, highestRatio: 1.75 };
  const compared = { ...row, name: "ours", ...ratio, verdict: judge(1.5, 1.25) };
  expect(renderRows([{ ...row, name: "the usual" }, compared])).toBe(
    `hit, 1 KB
           requests/s  CPU µs/request  lowest–highest  × the usual  lowest–highest  target
the usual          10             5.0  4–6
ours               10             5.0  4–6                    1.50  1.25–1.75       ≤ 1.25: NOT met`,
  );
});

test("memory is told in MB, in all and a client", () => {
  const [before, peak, growth] = [100, 180, 80].map((megabytes) => megabytes * 2 ** 20) as [number, number, number];
  expect(renderStreamed([{ name: "ours", clients: 8, before, peak, after: peak, growth }])).toMatch(
    /^ours +8 +100\.0 +180\.0 +180\.0 +80\.0 +10\.0$/m,
  );
});

const titles = (heats: readonly Heat[]): string[] =>
  heats.flatMap((heat) => heat.entrants.map(({ contestant }) => titleOf(heat, contestant)));

const everybody = (): boolean => true;
const including = (text: string) => (title: string) => title.includes(text);

test("who is chosen takes the one they are compared with along, in the order of the table", () => {
  expect(titles(chooseHeats(including("Perigee from memory"), everybody))).toEqual([
    "hit, 1 KB: usual Cache API worker",
    "hit, 1 KB: Perigee from memory",
    "hit, 100 KB: usual Cache API worker",
    "hit, 100 KB: Perigee from memory",
  ]);
  expect(titles(chooseHeats(including("pass, 10 MB: Varnish"), everybody))).toEqual([
    "pass, 10 MB: bare pass-through",
    "pass, 10 MB: Varnish",
  ]);
  expect(chooseHeats(including("nobody"), everybody)).toEqual([]);
  expect(chooseHeats(everybody, everybody)).toEqual(allHeats);
});

test("a program that isn't installed is left out, and nobody runs for its sake", () => {
  const isHere = (contestant: Contestant): boolean => contestant !== nginx;
  expect(titles(chooseHeats(everybody, isHere))).toEqual(
    titles(allHeats).filter((title) => !title.endsWith(": nginx")),
  );
  expect(chooseHeats(including("nginx"), isHere)).toEqual([]);
});

test("whoever is compared is compared with somebody who takes part at every size", () => {
  const alone = allHeats.filter(({ scenario, entrants }) =>
    entrants.every(({ contestant }) => contestant !== scenario.against),
  );
  expect(alone).toEqual([]);
});

test("titles tell all entrants apart", () => {
  expect(new Set(titles(allHeats)).size).toBe(titles(allHeats).length);
});

test("what wrk prints", () => {
  const printed = `Running 2s test @ http://127.0.0.1:1/
  1 threads and 32 connections
  Thread Stats   Avg      Stdev     Max   +/- Stdev
    Latency     4.21ms    1.02ms  20.10ms   88.00%
    Req/Sec     7.60k   512.00     8.20k    80.00%
  15210 requests in 2.00s, 17.30MB read
  Socket errors: connect 0, read 2, write 0, timeout 1
  Non-2xx or 3xx responses: 4
Requests/sec:   7604.93
Transfer/sec:      8.65MB
`;
  expect(wrk.parse(printed)).toEqual({ requests: 15_210, perSecond: 7604.93, failures: 7 });
  const clean = printed.replace(/ {2}(?:Socket|Non).*\n/g, "");
  expect(wrk.parse(clean)).toEqual({ requests: 15_210, perSecond: 7604.93, failures: 0 });
  expect(() => wrk.parse("unable to connect")).toThrow("unable to connect");
});

test("what autocannon prints", () => {
  const statuses = { "1xx": 0, "2xx": 800, "3xx": 97, "4xx": 1, "5xx": 0 };
  const printed = JSON.stringify({ requests: { total: 900, average: 450.5 }, ...statuses, non2xx: 98, errors: 2 });
  expect(autocannon.parse(printed)).toEqual({ requests: 900, perSecond: 450.5, failures: 3 }); // a 304 is none
});

test("a driver gets the fields and, where each request is for another URL, what makes them differ", () => {
  const load = { url: "http://127.0.0.1:1/a", connections: 4, seconds: 1, fields: { "if-none-match": '"a"' } };
  for (const driver of [wrk, autocannon]) {
    expect(driver.arguments(load)).toContain('if-none-match: "a"');
    expect(driver.arguments(load).at(-1)).toBe(load.url);
  }
  expect(wrk.arguments({ ...load, unique: "run" }).slice(-3)).toEqual([load.url, "--", "run"]);
  expect(autocannon.arguments({ ...load, unique: "run" }).at(-1)).toBe(`${load.url}?[<id>]-run`);
});

const scenarioOf = (name: string) => scenarios.find((scenario) => scenario.name === name)!;

test.each([
  [{}, undefined],
  [{ status: 503 }, "status 503"],
  [{ bodyIsRight: false }, "another body than the object's"],
  [{ cacheStatus: "perigee; fwd=uri-miss" }, "Cache-Status: perigee; fwd=uri-miss"],
  [{ cacheStatus: undefined }, "Cache-Status: undefined"],
  [{ originAsked: 1 }, "the origin was asked"],
])("a hit of which %j was seen", (seen, wrong) => {
  const right = { status: 200, bodyIsRight: true, cacheStatus: "perigee; hit; ttl=60", originAsked: 0 };
  expect(problem(scenarioOf("hit"), perigee, { ...right, ...seen })).toBe(wrong);
});

test("who sends no Cache-Status isn't asked for it", () => {
  const seen = { status: 200, bodyIsRight: true, cacheStatus: undefined, originAsked: 0 };
  expect(problem(scenarioOf("hit"), cacheApi, seen)).toBeUndefined();
});

test.each([
  ["pass", "perigee; fwd=bypass", 1, undefined],
  ["pass", "perigee; fwd=bypass", 0, "the origin wasn't asked"],
  ["pass", "perigee; fwd=uri-miss; stored", 1, "Cache-Status: perigee; fwd=uri-miss; stored"],
  ["miss", "perigee; fwd=uri-miss; fwd-status=200; stored", 1, undefined],
  ["miss", "perigee; fwd=uri-miss; fwd-status=200", 1, "Cache-Status: perigee; fwd=uri-miss; fwd-status=200"],
])("a %s that says %s with %i requests to the origin", (name, cacheStatus, originAsked, wrong) => {
  const seen = { status: 200, bodyIsRight: true, cacheStatus, originAsked };
  expect(problem(scenarioOf(name), perigee, seen)).toBe(wrong);
});

test("the range lies in the second half of every object, without an end that is the object's", () => {
  for (const bytes of Object.values(sizes)) {
    const { first, last } = rangeOf(bytes);
    expect([first, last].every(Number.isInteger)).toBe(true);
    expect(first).toBe(bytes / 2);
    expect(last).toBeGreaterThan(first);
    expect(last).toBeLessThan(bytes - 1);
  }
});

test.each([0, 1, 31, 1_024, 102_400])("the object of %i bytes has that many", (bytes) => {
  expect(Buffer.byteLength(objectOf(bytes))).toBe(bytes);
});

test("columns line up, numbers to the right", () => {
  expect(
    align([
      ["", "µs"],
      ["a", "7"],
      ["long", "1234"],
    ]),
  ).toBe("      µs\na        7\nlong  1234");
});

test.each([
  [["--seconds", "0"], "It is a whole number from 1 to 9999."],
  [["--only", "nobody"], "nothing has such a name. There is:\n  pass, 1 KB: bare pass-through"],
  [["--fast"], "unknown option '--fast'"],
])("%j is refused before anything is started", async (args, says) => {
  const bench = promisify(execFile)(process.execPath, ["scripts/bench/bench.ts", ...args], { cwd: root });
  await expect(bench).rejects.toMatchObject({ code: 1, stderr: expect.stringContaining(says) });
});

test("--help names all that can be measured", async () => {
  const { stdout } = await promisify(execFile)(process.execPath, ["scripts/bench/bench.ts", "--help"], { cwd: root });
  for (const title of titles(allHeats)) expect(stdout).toContain(`  ${title}\n`);
  expect(stdout).toContain("  memory growth, 10 MB: Perigee\n");
});
