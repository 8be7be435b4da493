import { execFile } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { expect, test } from "vitest";
import { problem } from "../../scripts/bench/check.ts";
import { choose, contestants, hit } from "../../scripts/bench/contestants.ts";
import { cpuMicroseconds, parseTicks } from "../../scripts/bench/cpu.ts";
import { judge, median, summarise } from "../../scripts/bench/figures.ts";
import { autocannon, wrk } from "../../scripts/bench/load.ts";
import { objectOf } from "../../scripts/bench/objects.ts";
import { align, compare } from "../../scripts/bench/report.ts";
import { startWorkerd } from "../../scripts/bench/workerd.ts";
import { configOf } from "../../scripts/bench/workerd-config.ts";
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

test("runs become medians with their spread", () => {
  const runs = [
    { perSecond: 100, cpu: 30 },
    { perSecond: 300, cpu: 10 },
    { perSecond: 200, cpu: 20 },
  ];
  expect(summarise(runs)).toEqual({ perSecond: 200, cpu: 20, lowest: 10, highest: 30 });
});

test.each([
  [1.3, true],
  [1.304, true], // printed as 1.30
  [1.306, false],
  [1.2, true],
])("%d against at most 1.3: met is %s", (value, met) => {
  expect(judge(value, 1.3, 2)).toEqual({ value, atMost: 1.3, met });
});

test("a row is compared with its counterpart of the same size", () => {
  const row = (name: string, size: "1 KB" | "100 KB", cpu: number) => ({
    name,
    size,
    cpu,
    perSecond: 1,
    lowest: 1,
    highest: 1,
  });
  const rows = [
    row("usual Cache API worker", "1 KB", 100),
    row("usual Cache API worker", "100 KB", 200),
    row("Perigee hit from memory", "1 KB", 75),
    row("Perigee hit from memory", "100 KB", 300),
    row("Perigee pass", "1 KB", 300),
  ];
  const compared = compare(rows, contestants).map(({ ratio, verdict }) => [ratio, verdict?.met]);
  expect(compared).toEqual([
    [undefined, undefined],
    [undefined, undefined],
    [0.75, true],
    [1.5, false],
    [undefined, undefined],
  ]);
});

test("--only takes the ones they are compared with along, in the order of the table", () => {
  expect(choose("HIT from mem").map(({ name }) => name)).toEqual(["usual Cache API worker", "Perigee hit from memory"]);
  expect(choose("perigee").map(({ name }) => name)).toEqual([
    "bare pass-through",
    "Perigee pass",
    "usual Cache API worker",
    "Perigee hit from memory",
    "Perigee hit from the Cache API",
  ]);
  expect(choose("nobody")).toEqual([]);
  expect(choose(undefined)).toBe(contestants);
});

test("whoever is compared is compared with somebody who takes part", () => {
  const names = new Set(contestants.map(({ name }) => name));
  expect(contestants.filter(({ against }) => against && !names.has(against.name))).toEqual([]);
});

test("utime and stime are found behind a program's name of any kind", () => {
  const rest = "S 1 2 3 4 5 6 7 8 9 10 250 50 0 0 20 0 5 0 100";
  expect(parseTicks(`42 (workerd) ${rest}`)).toBe(300);
  expect(parseTicks(`42 (a) b (c) ${rest}`)).toBe(300);
});

test.runIf(process.platform === "linux")("CPU that is used is counted", () => {
  const before = cpuMicroseconds(process.pid);
  const until = performance.now() + 200;
  while (performance.now() < until);
  expect(cpuMicroseconds(process.pid) - before).toBeGreaterThan(20_000);
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
  const printed = JSON.stringify({ requests: { total: 900, average: 450.5 }, non2xx: 1, errors: 2 });
  expect(autocannon.parse(printed)).toEqual({ requests: 900, perSecond: 450.5, failures: 3 });
});

test.each([
  [{}, undefined],
  [{ status: 503 }, "status 503"],
  [{ bodyIsRight: false }, "another body than the object"],
  [{ cacheStatus: "perigee; fwd=uri-miss" }, "Cache-Status: perigee; fwd=uri-miss"],
  [{ cacheStatus: null }, "Cache-Status: null"],
  [{ originAsked: 1 }, "the origin was asked"],
])("a hit of which %j was seen", (seen, wrong) => {
  const right = { status: 200, bodyIsRight: true, cacheStatus: "perigee; hit; ttl=60", originAsked: 0 };
  expect(problem(hit, { ...right, ...seen })).toBe(wrong);
});

test("a pass that never reached the origin is none", () => {
  const pass = contestants.find(({ name }) => name === "Perigee pass")!;
  const seen = { status: 200, bodyIsRight: true, cacheStatus: "perigee; fwd=bypass" };
  expect(problem(pass, { ...seen, originAsked: 1 })).toBeUndefined();
  expect(problem(pass, { ...seen, originAsked: 0 })).toBe("the origin wasn't asked");
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

test("the config can't be broken by what is bound", () => {
  const compatibility = { date: "2026-10-01", flags: [] };
  expect(configOf({ bindings: { A: 'x"), (name = "B' }, compatibility })).toContain('text = "x\\"), (name = \\"B"');
  expect(() => configOf({ bindings: { A: "é" }, compatibility })).toThrow(RangeError);
});

test("a workerd that doesn't start tells why", async () => {
  const folder = mkdtempSync(join(tmpdir(), "perigee-bench-test-"));
  try {
    writeFileSync(join(folder, "config.capnp"), "no config");
    await expect(startWorkerd(join(folder, "config.capnp"))).rejects.toThrow(/config\.capnp/);
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test.each([
  [["--seconds", "0"], "It is a whole number from 1 to 9999."],
  [["--only", "nobody"], "no contestant has such a name. There are: constant, bare pass-through,"],
  [["--fast"], "unknown option '--fast'"],
])("%j is refused before anything is started", async (args, says) => {
  const bench = promisify(execFile)(process.execPath, ["scripts/bench/bench.ts", ...args], { cwd: root });
  await expect(bench).rejects.toMatchObject({ code: 1, stderr: expect.stringContaining(says) });
});
