import { existsSync, readFileSync, mkdtempSync, rmSync } from "node:fs";
import { createServer, type RequestListener } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import { findingsOf, type Findings, type Seen } from "../../scripts/chaos/findings.ts";
import { drive, type Result } from "../../scripts/chaos/load.ts";
import { readLine } from "../../scripts/chaos/log.ts";
import { answerOf, kindOf, kinds } from "../../scripts/chaos/objects.ts";
import { programOf } from "../../scripts/chaos/program.ts";
import { render } from "../../scripts/chaos/report.ts";
import { root } from "../../scripts/project.ts";
import { groupOf, run } from "./cli.ts";

const origins = ["frankfurt", "virginia", "singapore"];

describe("the program", () => {
  const whole = programOf(origins, { seed: 1, seconds: 78 });

  test("leaves all in peace, then does everything to everyone, then leaves each alone well", () => {
    const sizes = whole.map(({ faults }) => faults.length);
    expect(sizes).toEqual([0, ...Array(9).fill(1), ...Array(3).fill(2)]);
    const alone = whole.filter(({ faults }) => faults.length === 1).flatMap(({ faults }) => faults);
    const each = alone.map(({ origin, fault }) => `${origin} ${fault}`);
    expect(new Set(each).size).toBe(9);
    for (let at = 0; at + 2 < 9; at++)
      expect(new Set(alone.slice(at, at + 3).map(({ origin }) => origin)).size).toBe(3);
    const well = whole
      .slice(10)
      .map(({ faults }) => origins.find((name) => faults.every(({ origin }) => origin !== name)));
    expect(well.toSorted()).toEqual(origins.toSorted());
  });

  test("mends what it did before the next thing, and ends in time", () => {
    const times = whole.flatMap(({ from, mended, until }) => [from, mended, until]);
    expect(times).toEqual(times.toSorted((one, other) => one - other));
    expect(whole.at(-1)!.until).toBe(78_000);
  });

  test("is the same by the same seed only, and shorter in less time", () => {
    expect(programOf(origins, { seed: 1, seconds: 78 })).toEqual(whole);
    expect(programOf(origins, { seed: 2, seconds: 78 })).not.toEqual(whole);
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
  return findingsOf({ phases, results: [], told: [], counts, repeated: { POST: 0, PUT: 0 }, ...changed });
}

const resultOf = (kind: Result["kind"], wrong: string | undefined): Result => ({
  ...{ kind, target: "/", edge: 0, due: 1, ms: 5, late: 1, wrong },
});

const toldOf = (first: number, extra: number): Seen["told"] => [
  {
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
    ["1 visits failed that could have been repeated; none is to"],
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
    { target: "/", due: 1, wrong: "status 504", decisions: ["virginia:timeout", "tries-spent"] },
  ]);
  expect(render(findings)).toContain("- at 0.0 s, /: status 504: virginia:timeout tries-spent\n");
});

test("what was asked in an outage is compared with the calm", () => {
  const { phases } = findingsWith({});
  expect(phases.map(({ load }) => load?.toFixed(2))).toEqual([undefined, "0.67", "0.67"]);
});

async function wrongsOf(listener: RequestListener): Promise<readonly (string | undefined)[]> {
  const server = createServer(listener);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const edge = { url, place: { name: "virginia", at: [38.95, -77.45] as const }, child: undefined as never };
  const results = await drive({ rate: 1_000, seconds: 0.05, seed: 3 }, [edge]);
  expect(results.length).toBe(50);
  return [...new Set(results.map(({ wrong }) => wrong))];
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

test("a short run: origins fall, answers are right, and nothing is left behind", async () => {
  const folder = mkdtempSync(join(tmpdir(), "perigee-chaos-test-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const json = join(folder, "figures.json");
  const script = join(root, "scripts/chaos/chaos.ts");
  const cli = run(process.execPath, [script, "--seconds", "10", "--rate", "50", "--json", json]);
  const code = await cli.exit;
  expect(existsSync(json), cli.output()).toBe(true);
  const { whole, phases, wrong, repeated, missed, late } = JSON.parse(readFileSync(json, "utf8")) as Findings;
  expect(phases).toHaveLength(3);
  expect([whole.visits, repeated]).toEqual([500, { POST: 0, PUT: expect.any(Number) }]);
  expect(wrong.filter(([says]) => /bytes/.test(says))).toEqual([]);
  expect(phases.slice(1).every(({ extra }) => extra > 0)).toBe(true);
  // On a machine that keeps everybody waiting, healthy origins look stalled.
  if (late.p99 < 100) expect([missed, code], cli.output()).toEqual([[], 0]);
  expect(groupOf(cli.child)).toEqual([]);
});
