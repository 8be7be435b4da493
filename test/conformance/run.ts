/**
 * `npm run conformance`: plays HTTP cache cases against the edge over real HTTP and prints a table.
 *
 *     npm run conformance -- [--cases FILE] [--only ID] [--verbose] [--json FILE]
 */
import { spawn, type ChildProcess } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { createServer, type AddressInfo } from "node:net";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { Command } from "commander";
import type { Case, Kind, Suite } from "./case.ts";
import type { Verdict } from "./judge.ts";
import { startCaseOrigin } from "./origin.ts";
import { playCase } from "./play.ts";

interface Options {
  readonly cases: string;
  readonly only?: string;
  readonly verbose?: boolean;
  readonly json?: string;
  readonly atOnce: string;
}

interface Result {
  readonly suite: string;
  readonly id: string;
  readonly kind: Kind;
  readonly verdict: Verdict;
}

const program = new Command("conformance")
  .description("Plays HTTP cache cases against the edge over real HTTP.")
  .option("--cases <file>", "cases to play", "../shared/conformance/http-cache-cases.json")
  .option("--only <text>", "only suites and cases whose id contains it")
  .option("--at-once <n>", "cases played side by side", "25")
  .option("--json <file>", "also write each case's result there")
  .option("--verbose", "say of each case why it did not pass")
  .action(run);

await program.parseAsync();

async function run({ cases, only, verbose, json, atOnce }: Options): Promise<void> {
  const suites = JSON.parse(readFileSync(cases, "utf8")) as readonly Suite[];
  const chosen = suites.flatMap((suite) =>
    suite.tests
      .filter(({ id }) => only === undefined || id.includes(only) || suite.id.includes(only))
      .map((one) => ({ suite: suite.id, one })),
  );
  const origin = await startCaseOrigin();
  const port = await freePort();
  const edge = await startEdge(origin.url, port);
  const results = await playAll(chosen, Number(atOnce), (one) => playCase(one, `http://127.0.0.1:${port}`, origin));
  edge.kill("SIGTERM");
  await Promise.all([once(edge, "exit"), origin.close()]);
  print(results, verbose ?? false);
  if (json) writeFileSync(json, JSON.stringify(results, null, 1));
}

interface Chosen {
  readonly suite: string;
  readonly one: Case;
}

async function playAll(
  chosen: readonly Chosen[],
  atOnce: number,
  play: (one: Case) => Promise<Verdict>,
): Promise<Result[]> {
  const left = [...chosen];
  const results: Result[] = [];
  const next = async (): Promise<void> => {
    for (let turn = left.shift(); turn; turn = left.shift()) {
      const { suite, one } = turn;
      results.push({ suite, id: one.id, kind: one.kind ?? "required", verdict: await play(one) });
      if (process.stderr.isTTY) process.stderr.write(`\r${results.length}/${chosen.length} `);
    }
  };
  await Promise.all(Array.from({ length: atOnce }, next));
  return results.toSorted(
    (a, b) => chosen.findIndex(({ one }) => one.id === a.id) - chosen.findIndex(({ one }) => one.id === b.id),
  );
}

/** The edge as a user starts it, in front of the origin. */
async function startEdge(origin: string, port: number): Promise<ChildProcess> {
  const args = ["scripts/perigee.ts", "start", "--origin", origin, "--port", String(port), "--fresh"];
  const edge = spawn(process.execPath, args, { stdio: ["ignore", "pipe", "inherit"] });
  for await (const line of createInterface({ input: edge.stdout })) {
    if (line.includes(String(port))) break;
  }
  edge.stdout.resume();
  return edge;
}

function print(results: readonly Result[], verbose: boolean): void {
  const kinds: readonly Kind[] = ["required", "optimal", "check"];
  const score = (of: readonly Result[], kind: Kind): string => {
    const all = of.filter((one) => one.kind === kind);
    return all.length === 0 ? "" : `${all.filter(({ verdict }) => verdict.kind === "passed").length}/${all.length}`;
  };
  for (const suite of new Set(results.map((one) => one.suite))) {
    const its = results.filter((one) => one.suite === suite);
    console.log(suite.padEnd(20), ...kinds.map((kind) => score(its, kind).padStart(10)));
  }
  console.log("all".padEnd(20), ...kinds.map((kind) => score(results, kind).padStart(10)));
  if (!verbose) return;
  for (const { id, kind, verdict } of results) {
    if (verdict.kind !== "passed") console.log(`${kind} ${id}: ${verdict.kind}: ${verdict.why}`);
  }
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  server.close();
  return port;
}
