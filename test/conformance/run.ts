/** `npm run conformance`: plays HTTP cache cases against the edge over real HTTP, and prints what came of them. */
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join, relative } from "node:path";
import { Command, InvalidArgumentError } from "commander";
import { root } from "../../scripts/project.ts";
import type { Suite } from "./case.ts";
import { suites as own } from "./cases/cases.ts";
import { startTestedEdge } from "./edge.ts";
import type { Verdict } from "./judge.ts";
import { startCaseOrigin } from "./origin.ts";
import { playCases } from "./play.ts";
import { failures, page, table, type Part } from "./report.ts";
import { missed, scored, type Result } from "./score.ts";

interface Options {
  readonly cases: readonly string[] | false;
  readonly own: boolean;
  readonly only?: string;
  readonly atOnce: number;
  readonly json?: string;
  readonly write?: true;
}

/** A part of the public suite, where it was put beside the project. */
const shared = join(root, "../shared/conformance/http-cache-cases.json");
const documented = join(root, "docs/CONFORMANCE.md");

await new Command("conformance")
  .usage("[-- options]")
  .description("Plays HTTP cache cases against the edge over real HTTP: the project's own, and those of --cases.")
  .option("--cases <file...>", "files with further suites", existsSync(shared) ? [shared] : [])
  .option("--no-cases", "play the project's own cases only")
  .option("--no-own", "leave out the project's own cases")
  .option("--only <text>", "only suites and cases whose id contains it")
  .option("--at-once <n>", "cases played side by side", positive, 25)
  .option("--json <file>", "also write each case's result there")
  .option("--write", "write docs/CONFORMANCE.md")
  .addHelpText("after", "\nEnds with 1 when a required case fails that a Worker can pass.")
  .action(run)
  .parseAsync();

async function run({ cases, own: withOwn, only = "", atOnce, json, write }: Options): Promise<void> {
  const files = cases || [];
  if (cases && files.length === 0)
    console.error(`${relative(root, shared)} isn't there: only the project's own cases are played`);
  const parts: readonly Part[] = [
    ...(withOwn ? [{ name: "The project's own cases", suites: own }] : []),
    ...files.map((file) => ({
      name: file === shared ? "A part of the public suite" : file,
      suites: read(file),
    })),
  ].map((part) => chosen(part, only));
  const verdicts = await play(parts, atOnce);
  const played = parts.map((part) => [part, scored(part.suites, verdicts)] as const);
  const results = played.flatMap(([, its]) => its);
  tell(played, results);
  if (json) writeFileSync(json, JSON.stringify(results, null, 1));
  if (write) writeFileSync(documented, page(played));
}

/** The suites of a file, which go by their ids. */
function read(file: string): readonly Suite[] {
  try {
    const suites = JSON.parse(readFileSync(file, "utf8")) as readonly Suite[];
    return suites.map((suite) => ({ ...suite, name: `\`${suite.id}\`` }));
  } catch (error) {
    console.error(`${file} can't be read: ${(error as Error).message}`);
    process.exit(1);
  }
}

async function play(parts: readonly Part[], atOnce: number): Promise<ReadonlyMap<string, Verdict>> {
  const cases = parts.flatMap(({ suites }) => suites.flatMap(({ tests }) => tests));
  const origin = await startCaseOrigin();
  const edge = await startTestedEdge(origin.url);
  const progress = (done: number): void => {
    if (process.stderr.isTTY)
      process.stderr.write(`\r${done} of ${cases.length} played${done < cases.length ? "" : "\n"}`);
  };
  try {
    return await playCases(cases, { edge: edge.url, origin, atOnce, progress });
  } finally {
    await Promise.all([edge.close(), origin.close()]);
  }
}

function tell(played: readonly (readonly [Part, readonly Result[]])[], results: readonly Result[]): void {
  for (const [part, its] of played) console.log(`${table(part, its)}\n`);
  const failed = failures(results);
  if (failed.length > 0) console.log(`Not passed:\n${failed.join("\n")}\n`);
  const grave = missed(results);
  if (results.length === 0) console.error("no case of that name");
  console.log(
    grave.length === 0 ? "Every required case in reach passes." : `${grave.length} required cases in reach fail.`,
  );
  process.exitCode = grave.length === 0 && results.length > 0 ? 0 : 1;
}

function chosen({ name, suites }: Part, only: string): Part {
  const wanted = (suite: Suite): Suite => ({
    ...suite,
    tests: suite.tests.filter(({ id }) => id.includes(only) || suite.id.includes(only)),
  });
  return { name, suites: suites.map(wanted).filter(({ tests }) => tests.length > 0) };
}

function positive(text: string): number {
  if (!/^[1-9]\d{0,3}$/.test(text)) throw new InvalidArgumentError("It is a number from 1 to 9999.");
  return Number(text);
}
