import { existsSync, readFileSync, mkdtempSync, rmSync } from "node:fs";
import { createServer, type RequestListener } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import { findingsOf, type Findings, type Seen } from "../../scripts/chaos/findings.ts";
import { processOf, type EdgeLocation } from "../../scripts/chaos/edges.ts";
import { drive, type Result } from "../../scripts/chaos/load.ts";
import { adminToken, untilFree } from "../../scripts/chaos/taken.ts";
import { readLine } from "../../scripts/chaos/log.ts";
import { answerOf, kindOf, kinds } from "../../scripts/chaos/objects.ts";
import { programOf } from "../../scripts/chaos/program.ts";
import { render } from "../../scripts/chaos/report.ts";
import { root } from "../../scripts/project.ts";
import { groupOf, run } from "./cli.ts";

const origins = ["frankfurt", "virginia", "singapore"];

describe("the program", () => {
  const whole = programOf(origins, { seed: 1, seconds: 102 });

  test("leaves all in peace, then does everything to everyone, then leaves each alone well, and the last one slow", () => {
    const sizes = whole.map(({ faults }) => faults.length);
    expect(sizes).toEqual([0, ...Array(12).fill(1), 2, 2, 3]);
    const alone = whole.filter(({ faults }) => faults.length === 1).flatMap(({ faults }) => faults);
    const each = alone.map(({ origin, fault }) => `${origin} ${fault}`);
    expect(new Set(each).size).toBe(12);
    for (let at = 0; at + 2 < 12; at += 3)
      expect(new Set(alone.slice(at, at + 3).map(({ origin }) => origin)).size).toBe(3);
    const ends = whole.slice(13).map(({ faults }) => faults);
    const well = ends.map((faults) => {
      const out = new Set(faults.filter(({ fault }) => fault !== "slow").map(({ origin }) => origin));
      return origins.filter((name) => !out.has(name));
    });
    expect(well.flat().toSorted()).toEqual(origins.toSorted());
    expect(ends.at(-1)!.filter(({ fault }) => fault === "slow")).toEqual([{ origin: well.at(-1)![0], fault: "slow" }]);
  });

  test("mends what it did before the next thing, and ends in time", () => {
    const times = whole.flatMap(({ from, mended, until }) => [from, mended, until]);
    expect(times).toEqual(times.toSorted((one, other) => one - other));
    expect(whole.at(-1)!.until).toBe(102_000);
  });

  test("leaves all well for longer than the slowest answer takes where one that is well gives way to another", () => {
    const slowest = Math.max(...kinds.map(({ work }) => work)) + 1_000;
    const crowded = whole.filter((_, index) => whole.slice(index, index + 2).some(({ faults }) => faults.length > 1));
    expect(crowded).toHaveLength(4);
    expect(Math.min(...crowded.map(({ mended, until }) => until - mended))).toBeGreaterThan(slowest);
  });

  test("is the same by the same seed only, and shorter in less time", () => {
    expect(programOf(origins, { seed: 1, seconds: 102 })).toEqual(whole);
    expect(programOf(origins, { seed: 2, seconds: 102 })).not.toEqual(whole);
    expect(programOf(origins, { seed: 1, seconds: 10 }).map(({ faults }) => faults)).toEqual(
      whole.slice(0, 3).map(({ faults }) => faults),
    );
  });
});

const line = { time: "2026-11-21T05:00:00.000Z", id: "1", path: "/page/1", ms: 250 };

test.each([
  ["a hit", { trail: ["cache=hit:memory"] }, 0, 0],
  [
    "one origin",
    { trail: ["origin=by-position", "origin=score:frankfurt=5,distance:5", "origin=frankfurt 5ms"] },
    1,
    0,
  ],
  [
    "two, and one left out",
    { trail: ["origin=out:virginia=ejected", "origin=frankfurt:timeout 2000ms", "origin=singapore 3ms"] },
    1,
    1,
  ],
  ["one beside another that is silent", { trail: ["origin=silent:frankfurt 250ms", "origin=singapore 3ms"] }, 1, 1],
  [
    "one that is silent, and none beside it",
    { trail: ["origin=silent:frankfurt=retry-budget-spent", "origin=frankfurt 300ms"] },
    1,
    0,
  ],
  ["a body that goes on elsewhere", { late: "origin=frankfurt:broke@65536+virginia:timeout+singapore" }, 0, 2],
  ["a body whose rest nobody has", { late: "origin=frankfurt:stalled@0+retry-budget-spent" }, 0, 0],
])("a line of the log that tells of %s", (_, told, first, extra) => {
  expect(readLine(JSON.stringify({ ...line, ...told }), origins)).toMatchObject({ first, extra });
});

test("a line tells who was ejected or returned, and when", () => {
  const trail = ["origin=ejected:frankfurt=failures", "origin=returned:virginia", "origin=out:singapore=ejected"];
  const began = Date.parse(line.time);
  const told = { ejected: ["frankfurt"], returned: ["virginia"], began, time: began + 250 };
  expect(readLine(JSON.stringify({ ...line, trail }), origins)).toMatchObject(told);
  expect(readLine("workerd says something else", origins)).toBeUndefined();
});

test("visits of all kinds are all visits, and each kind is known by its path", () => {
  expect(kinds.reduce((sum, { share }) => sum + share, 0)).toBeCloseTo(1);
  for (const kind of kinds) expect(kindOf(`/${kind.name}/7`)).toBe(kind);
});

const page = kindOf("/page/1")!;
const order = kindOf("/order/1")!;

function findingsWith(changed: Partial<Seen>): Findings {
  const phases = programOf(origins, { seed: 1, seconds: 12 });
  const asked = (times: number) => ({ frankfurt: times, virginia: times, singapore: times });
  const counts = Array.from({ length: 121 }, (_, index) => ({ at: index * 100, asked: asked(index * 10) }));
  const none = { results: [], told: [], outages: [], taken: [], repeated: { POST: 0, PUT: 0 } };
  return findingsOf({ ...none, phases, counts, ...changed }, processOf);
}

const resultOf = (kind: Result["kind"], wrong: string | undefined, broke = false): Result => ({
  ...{ kind, target: "/", edge: 0, due: 1, ms: 5, late: 1, wrong, broke },
});

const feed = kindOf("/feed/1")!;
const outage: Seen["outages"] = [{ origin: "frankfurt", from: 0, until: 1_000 }];
const brokeOff = "broke off in the middle";

const toldOf = (first: number, extra: number): Seen["told"] => [
  {
    id: "1",
    path: "/",
    decisions: ["virginia:timeout", "tries-spent"],
    began: 1,
    time: 2,
    first,
    extra,
    ejected: [],
    returned: [],
    place: "virginia",
  },
];

test.each<[string, Partial<Seen>, readonly string[]]>([
  ["nothing failed", { results: [resultOf(page, undefined)], told: toldOf(10, 1) }, []],
  ["a POST failed", { results: [resultOf(order, "status 502")] }, []],
  [
    "a GET failed",
    { results: [resultOf(page, "status 502")] },
    ["1 visits failed that could have been saved; none is to"],
  ],
  ["what nobody can continue broke off", { results: [resultOf(feed, brokeOff, true)], outages: outage }, []],
  [
    "it broke off while all were well",
    { results: [resultOf(feed, brokeOff, true)] },
    ["1 visits failed that could have been saved; none is to"],
  ],
  [
    "it ended too early, as if it were whole",
    { results: [resultOf(feed, "3000 bytes of 12000")], outages: outage },
    ["1 visits failed that could have been saved; none is to"],
  ],
  [
    "what could have been continued broke off",
    { results: [resultOf(page, brokeOff, true)], outages: outage },
    ["1 visits failed that could have been saved; none is to"],
  ],
  [
    "places weren't given back",
    { taken: [{ place: "virginia", origin: "frankfurt", inFlight: 2, waiting: 1 }] },
    ["3 places at origins were never given back; all are to be"],
  ],
  ["there were many tries", { told: toldOf(10, 2) }, ["extra tries are 20.0 %; at most 10.0 % are to be"]],
  ["POSTs were done twice", { repeated: { POST: 3, PUT: 2 } }, ["3 POSTs were done twice; none is to be"]],
])("when %s, what is missed is told", (_, seen, missed) => {
  const findings = findingsWith(seen);
  expect(findings.missed).toEqual(missed);
  expect(render(findings)).toContain(missed.length > 0 ? `**Missed:** ${missed.join("; ")}.` : "All targets are met.");
});

test("of a visit that failed, what the log says of it is told", () => {
  const findings = findingsWith({
    results: [resultOf(page, "status 504"), resultOf(order, "status 502")],
    told: toldOf(1, 0),
  });
  expect(findings.examples).toEqual([
    { target: "/", due: 1, wrong: "status 504", place: "virginia", decisions: ["virginia:timeout", "tries-spent"] },
  ]);
  expect(render(findings)).toContain("- at 0.0 s, / in virginia: status 504: virginia:timeout tries-spent\n");
});

describe("an origin that is ejected", () => {
  const visit = { ...toldOf(1, 0)[0]!, began: 2_000, time: 2_010 };
  const later = { ...visit, path: undefined, decisions: ["ejected:frankfurt=failures"], began: 4_000, time: 4_000 };
  const toldLater = [visit, { ...later, ejected: ["frankfurt-archive"] }];

  test.each<[string, readonly (readonly [from: number, until: number])[], number]>([
    ["was well", [], 1],
    [
      "had failed before the visit, and after it",
      [
        [0, 1_999],
        [4_001, 5_000],
      ].map(([from, until]) => [from!, until!]),
      1,
    ],
    ["failed until the visit began", [[0, 2_000]], 0],
    ["failed meanwhile", [[2_500, 3_000]], 0],
    ["failed at the end", [[4_000, 5_000]], 0],
  ])("when it %s", (_, times, wrongly) => {
    const outages = times.map(([from, until]) => ({ origin: "frankfurt", from, until }));
    const findings = findingsWith({ told: toldLater, outages });
    expect(findings.whole.ejectedWell).toBe(wrongly);
    expect(findings.missed).toEqual(wrongly > 0 ? ["origins that were well were ejected 1 times; none is to be"] : []);
    const line =
      "- at 4.0 s, virginia ejected frankfurt-archive, which was well, with /: virginia:timeout tries-spent ejected";
    if (wrongly > 0) expect(render(findings)).toContain(line);
  });

  test("was well, though another one wasn't, or a visit elsewhere has the same name", () => {
    const outages = [{ origin: "virginia", from: 0, until: 9_000 }];
    const elsewhere = { ...visit, place: "singapore", began: 0 };
    const told = [elsewhere, ...toldLater];
    expect(findingsWith({ told, outages }).wrongly).toHaveLength(1);
    const ended = [{ origin: "frankfurt", from: 0, until: 1_000 }];
    expect(findingsWith({ told, outages: ended }).wrongly).toMatchObject([{ place: "virginia", path: "/" }]);
  });
});

test("paths that take long, and those without a length, have rows of their own", () => {
  const kindsOf = ["page", "deed", "census", "survey", "sheet", "order"].map((name) => kindOf(`/${name}/1`)!);
  const results = kindsOf.map((kind) => resultOf(kind, "status 502"));
  const rows = findingsWith({ results }).paths.map(({ name, visits, failed, failedOnce }) => [
    ...[name, visits, failed, failedOnce],
  ]);
  expect(rows).toEqual([
    ["slow, of origins seldom asked", 2, 2, 0],
    ["slow", 1, 1, 0],
    ["chunked", 1, 1, 0],
    ["all others", 2, 1, 1],
  ]);
});

test("what was asked in an outage is compared with the calm", () => {
  const { phases } = findingsWith({});
  expect(phases.map(({ load }) => load?.toFixed(2))).toEqual([undefined, "0.67", "0.67"]);
});

async function listen(listener: RequestListener): Promise<EdgeLocation> {
  const server = createServer(listener);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return { url, place: { name: "virginia", at: [38.95, -77.45] }, child: undefined as never };
}

async function resultsOf(listener: RequestListener): Promise<readonly Result[]> {
  const results = await drive({ rate: 1_000, seconds: 0.05, seed: 3 }, [await listen(listener)]);
  expect(results.length).toBe(50);
  return results;
}

async function wrongsOf(listener: RequestListener): Promise<readonly (string | undefined)[]> {
  return [...new Set((await resultsOf(listener)).map(({ wrong }) => wrong))];
}

/** Answers what is right, or what becomes of it. */
const answering =
  (damage: (body: Buffer) => Buffer = (body) => body): RequestListener =>
  (request, response) =>
    void request.toArray().then((content) => {
      const body = answerOf(request.url!, kindOf(request.url!)!, Buffer.concat(content));
      return response.end(damage(body));
    });

describe("the load sees", () => {
  test("right answers", async () => {
    expect(await wrongsOf(answering())).toEqual([undefined]);
  });

  test.each<[string, RequestListener, RegExp]>([
    ["an error", (_, response) => void response.writeHead(503).end(), /^status 503$/],
    ["a connection that ends", (_, response) => void response.destroy(), /socket hang up|ECONNRESET/],
  ])("%s", async (_, listener, says) => {
    for (const wrong of await wrongsOf(listener)) expect(wrong).toMatch(says);
  });

  test.each<[string, (body: Buffer) => Buffer, RegExp]>([
    [
      "a byte that is another one",
      (body) => Buffer.concat([body.subarray(0, -1), Buffer.of(body.at(-1)! ^ 1)]),
      /^other bytes/,
    ],
    ["a body that is too short", (body) => body.subarray(0, -1), /^\d+ bytes of \d+$/],
  ])("%s", async (_, damage, says) => {
    const wrongs = await wrongsOf(answering(damage));
    for (const wrong of wrongs) expect(wrong ?? "HEAD").toMatch(new RegExp(`${says.source}|^HEAD$`));
    expect(wrongs.some((wrong) => wrong !== undefined)).toBe(true);
  });
});

test("the load tells an answer that breaks off from one that ends", async () => {
  const results = await resultsOf((request, response) => {
    const whole = answerOf(request.url!, kindOf(request.url!)!, Buffer.alloc(0));
    if (request.method !== "GET") return void request.resume().once("end", () => response.destroy());
    response.write(whole.subarray(0, 100), () => response.destroy());
  });
  const gets = results.filter(({ kind }) => kind.method === "GET");
  expect(new Set(gets.map(({ wrong }) => wrong))).toEqual(new Set(["broke off in the middle"]));
  expect(results.map(({ kind, broke }) => broke === (kind.method === "GET"))).not.toContain(false);
});

describe("places at origins", () => {
  const telling = (inFlight: () => number): Promise<EdgeLocation> =>
    listen((request, response) => {
      expect(request.headers.authorization).toBe(`Bearer ${adminToken}`);
      const states = [
        { name: "frankfurt", inFlight: inFlight(), waiting: 0 },
        { name: "singapore", inFlight: 0, waiting: 0 },
      ];
      response.end(JSON.stringify({ origins: states }));
    });

  test("are looked at until they are free", async () => {
    let left = 2;
    expect(await untilFree([await telling(() => left--)], 5_000)).toEqual([]);
    expect(left).toBe(-1);
  });

  test("are told when they aren't in time", async () => {
    const held = { place: "virginia", origin: "frankfurt", inFlight: 3, waiting: 0 };
    expect(await untilFree([await telling(() => 3)], 300)).toEqual([held]);
  });
});

test("a short run: origins fall, answers are right, and nothing is left behind", async () => {
  const folder = mkdtempSync(join(tmpdir(), "perigee-chaos-test-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const json = join(folder, "figures.json");
  const script = join(root, "scripts/chaos/chaos.ts");
  const cli = run(process.execPath, [script, "--seconds", "10", "--rate", "50", "--json", json]);
  const code = await cli.exit;
  expect(existsSync(json), cli.output()).toBe(true);
  const { whole, phases, wrong, taken, repeated, missed, late } = JSON.parse(readFileSync(json, "utf8")) as Findings;
  expect(phases).toHaveLength(3);
  expect([whole.visits, repeated]).toEqual([500, { POST: 0, PUT: expect.any(Number) }]);
  const broken = wrong.map(([says]) => says).filter((says) => /bytes|broke off/.test(says));
  expect(broken.filter((says) => !/^GET (?:feed|sheet|list|board): broke off/.test(says))).toEqual([]);
  expect(taken).toEqual([]);
  expect(phases.slice(1).every(({ extra }) => extra > 0)).toBe(true);
  expect(code).toBe(missed.length > 0 ? 1 : 0);
  // The reserve of tries alone is more than a tenth of so few visits.
  const serious = missed.filter((says) => !says.startsWith("extra tries"));
  // On a machine that keeps everybody waiting, healthy origins look stalled.
  if (late.p99 < 100) expect(serious, cli.output()).toEqual([]);
  expect(groupOf(cli.child)).toEqual([]);
});
