import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createServer, type Socket } from "node:net";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import { root } from "../../scripts/project.ts";
import { attackers } from "../../scripts/siege/attackers.ts";
import { openConnections } from "../../scripts/siege/connections.ts";
import { fateOf, mostWithin } from "../../scripts/siege/fate.ts";
import { findingsOf, type Findings } from "../../scripts/siege/findings.ts";
import { chooserOf } from "../../scripts/siege/kind.ts";
import { readAnswer, write } from "../../scripts/siege/message.ts";
import { createPasses } from "../../scripts/siege/passes.ts";
import { people } from "../../scripts/siege/people.ts";
import type { Outcome, Result } from "../../scripts/siege/protocol.ts";
import { render } from "../../scripts/siege/report.ts";
import type { Seen } from "../../scripts/siege/run.ts";
import { groupOf, run } from "./cli.ts";

describe("an answer", () => {
  const head = "HTTP/1.1 403 Forbidden\r\nPerigee-Trail: scrub=blocked-by-rule:banned\r\n";

  test.each([
    ["with a length", `${head}Content-Length: 5\r\n\r\nhello`],
    ["in chunks", `${head}Transfer-Encoding: chunked\r\n\r\n3\r\nhel\r\n2;x=y\r\nlo\r\n0\r\n\r\n`],
  ])("%s is whole with its last byte, and not before", (_, text) => {
    for (let length = 0; length < text.length; length++) expect(readAnswer(text.slice(0, length))).toBeUndefined();
    const answer = readAnswer(text)!;
    expect([answer.status, answer.isLasting]).toEqual([403, true]);
    expect(answer.field("perigee-trail")).toBe("scrub=blocked-by-rule:banned");
    expect(answer.field("trail")).toBeUndefined();
  });

  test("may be the last one of its connection", () => {
    expect(readAnswer(`${head}Connection: close\r\nContent-Length: 0\r\n\r\n`)!.isLasting).toBe(false);
  });
});

test("a request goes out as it is written", () => {
  expect(write({ method: "POST", target: "/a/%2e%2e", fields: { "x-a": "1" }, content: "body" })).toBe(
    "POST /a/%2e%2e HTTP/1.1\r\nhost: www.example.com\r\nx-a: 1\r\ncontent-length: 4\r\n\r\nbody",
  );
});

async function serverOf(
  answer: (socket: Socket, request: string) => void,
): Promise<{ url: string; count: () => number }> {
  let count = 0;
  const server = createServer((socket) => {
    count++;
    socket.on("data", (chunk) => answer(socket, chunk.toString("latin1"))).on("error", () => undefined);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => void server.close());
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, count: () => count };
}

describe("connections", () => {
  const ok = "HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok";

  test("are used again, and a new one comes for who finds none", async () => {
    const { url, count } = await serverOf((socket) => void socket.write(ok));
    const connections = openConnections(url);
    onTestFinished(connections.close);
    for (let visit = 0; visit < 5; visit++) expect((await connections.ask("GET / HTTP/1.1\r\n\r\n")).status).toBe(200);
    expect(count()).toBe(1);
    await Promise.all(Array.from({ length: 700 }, () => connections.ask("GET / HTTP/1.1\r\n\r\n")));
    expect(count()).toBeLessThanOrEqual(500);
  });

  test("that end tell it to who waits, and only to them", async () => {
    const { url } = await serverOf((socket, request) => {
      if (request.startsWith("GET /end")) socket.destroy();
      else socket.write(ok);
    });
    const connections = openConnections(url);
    onTestFinished(connections.close);
    await expect(connections.ask("GET /end HTTP/1.1\r\n\r\n")).rejects.toThrow(/closed|ECONNRESET/);
    expect((await connections.ask("GET / HTTP/1.1\r\n\r\n")).status).toBe(200);
  });
});

test("the same seed sends the same visits, of every kind", async () => {
  const passes = await createPasses(20);
  for (const kinds of [people, attackers]) {
    const [one, same, other] = [7, 7, 8].map((seed) => chooserOf(kinds, passes, seed)) as [
      ReturnType<typeof chooserOf>,
      ReturnType<typeof chooserOf>,
      ReturnType<typeof chooserOf>,
    ];
    const sent = Array.from({ length: 500 }, one);
    expect(Array.from({ length: 500 }, same)).toEqual(sent);
    expect(Array.from({ length: 500 }, other)).not.toEqual(sent);
    expect(new Set(sent.map(({ kind }) => kind.name)).size).toBe(kinds.length);
  }
});

const served: Outcome = { is: "served" };
const refused = (because: string): Outcome => ({ is: "refused", because });
const failed = (because: string): Outcome => ({ is: "failed", because });
const resultOf = (kind: string, outcome: Outcome, due = 1_500, ms = 5): Result => ({ kind, outcome, due, ms, late: 1 });

test.each([
  ["probes", refused("blocked-by-rule:probes"), "refused"],
  ["probes", refused("blocked-by-rule:bots"), "otherwise"],
  ["probes", served, "through"],
  ["probes", failed("status 502"), "through"],
  ["probes", failed("the connection was closed"), "unanswered"],
  ["login attempts", served, "within-limit"],
])("of %s, %o is %s", (kind, outcome, fate) => {
  expect(fateOf(resultOf(kind, outcome))).toBe(fate);
});

const stored = people[0]!.name;

const ran = (microseconds: number) => ({ ran: microseconds, waited: 0 });

/** Three phases of a second, in each of which people are served. */
function findingsWith(changed: Partial<Seen>): Findings {
  const quiet = [0, 1, 2].map((phase) => resultOf(stored, served, phase * 1_000 + 500));
  const counts = [0, 1, 2, 3].map((phase) => ({ asked: { [stored]: phase * 10 }, edge: ran(phase * 1_000) }));
  return findingsOf({ bounds: [0, 1_000, 2_000, 3_000], people: quiet, attackers: [], counts, ...changed });
}

const askedFor = (kind: string, count: number): Partial<Seen> => ({
  counts: [0, 0, count, count].map((asked) => ({ asked: { [kind]: asked }, edge: ran(0) })),
});

test.each<[string, Partial<Seen>, readonly string[]]>([
  ["all is as it is to be", { attackers: [resultOf("probes", refused("blocked-by-rule:probes"))] }, []],
  [
    "people are refused",
    { people: [resultOf(stored, refused("rate-limited"), 500), resultOf(stored, served)] },
    ["people's visits that were refused: 1"],
  ],
  [
    "people fail",
    { people: [resultOf(stored, failed("x"), 500), resultOf(stored, served)] },
    ["people's visits that failed: 1"],
  ],
  [
    "attackers are let through",
    { attackers: [resultOf("probes", served)] },
    ["attackers' visits that were let through: 1"],
  ],
  [
    "they are refused for another reason",
    { attackers: [resultOf("probes", refused("bad-path"))] },
    ["attackers' visits that were refused for another reason than was meant: 1"],
  ],
  ["the origin sees them", askedFor("probes", 1), ["other attackers' visits that the origin saw: 1"]],
  ["a limit lets in as many as it may", askedFor("login attempts", mostWithin(10, 1)), []],
  [
    "a limit lets in too many",
    askedFor("login attempts", mostWithin(10, 1) + 1),
    ["attackers' visits that a limit let in, and the origin saw: 101"],
  ],
  [
    "people wait",
    { people: [resultOf(stored, served, 500, 4), resultOf(stored, served, 1_500, 9)] },
    ["people's p99 in the siege, in times of that before: 2.25"],
  ],
])("when %s, what is missed is told", (_, seen, missed) => {
  const findings = findingsWith(seen);
  expect(findings.missed.map((says) => says.split(";")[0])).toEqual(missed);
  expect(render(findings)).toContain(missed.length > 0 ? "**Missed:** " : "All targets are met.");
});

test("what a refused visit takes is what the siege takes, less what people take in quiet", () => {
  const cpu = [0, 1_000, 4_000, 5_000].map((each) => ({ asked: {}, edge: ran(each) }));
  const attacks = Array.from({ length: 4 }, () => resultOf("probes", refused("blocked-by-rule:probes")));
  expect(findingsWith({ counts: cpu, attackers: attacks }).cost).toBeCloseTo(500);
});

test("a short siege: nobody is refused who is not to be, and everybody who is", { timeout: 120_000 }, async () => {
  const folder = mkdtempSync(join(tmpdir(), "perigee-siege-test-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const json = join(folder, "figures.json");
  const script = join(root, "scripts/siege/siege.ts");
  const scale = ["--seconds", "2", "--people", "20", "--attackers", "100"];
  const cli = run(process.execPath, [script, ...scale, "--json", json]);
  const code = await cli.exit;
  expect(existsSync(json), cli.output()).toBe(true);
  const { phases, kinds, missed } = JSON.parse(readFileSync(json, "utf8")) as Findings;
  expect(phases.map((phase) => [phase.people, phase.attackers])).toEqual([
    [40, 0],
    [40, 200],
    [40, 0],
  ]);
  expect(phases.flatMap((phase) => [phase.refused, phase.failed, phase.asked.others])).toEqual(Array(9).fill(0));
  expect(phases.every(({ asked }) => asked.people > 0)).toBe(true);
  for (const { name, visits, fates, said } of kinds) {
    expect(visits, name).toBeGreaterThan(0);
    expect(fates, `${name}: ${JSON.stringify(said)}`).toMatchObject({ otherwise: 0, through: 0, unanswered: 0 });
  }
  // What takes how long is the machine's affair here.
  const counted = missed.filter((says) => !says.includes("p99"));
  expect([counted, code], cli.output()).toEqual([[], missed.length > 0 ? 1 : 0]);
  expect(groupOf(cli.child)).toEqual([]);
});

test("more visits than memory has room for are refused", async () => {
  const cli = run(process.execPath, [join(root, "scripts/siege/siege.ts"), "--seconds", "9999"]);
  expect(await cli.exit).toBe(1);
  expect(cli.output()).toBe("error: it would be more than 1000000 visits; ask for fewer.\n");
});
