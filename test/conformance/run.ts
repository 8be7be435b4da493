/** `npm run conformance`: plays HTTP cache cases against the edge over real HTTP, and prints what came of them. */
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join, relative } from "node:path";
import { Command, InvalidArgumentError, Option } from "commander";
import { root } from "../../scripts/project.ts";
import type { Case, Suite } from "./case.ts";
import { suites as own } from "./cases/cases.ts";
import { startSetEdge, startTestedEdge, type TestedEdge } from "./edge.ts";
import type { Verdict } from "./judge.ts";
import { startCaseOrigin } from "./origin.ts";
import { playCases } from "./play.ts";
import { failures, page, table, type Part, type Played } from "./report.ts";
import { missed, scored, type Result } from "./score.ts";

interface Options {
  readonly cases: readonly string[] | false;
  readonly own: boolean;
  readonly edge?: string;
  readonly originPort: number;
  readonly only?: string;
  readonly atOnce: number;
  readonly json?: string;
  readonly write?: true;
}

/** A part of the public suite, where it was put beside the project. */
const shared = join(root, "../shared/conformance/http-cache-cases.json");
const documented = join(root, "docs/CONFORMANCE.md");

const afterHelp = `
Cases whose answers set cookies are played once more with storeSetCookie = true, unless --edge is given.
Ends with 1 when a required case fails that a Worker can pass.

To play against an edge that runs already, such as one with your own config or another cache, give it the origin
http://127.0.0.1:9000 and start:
  npm run conformance -- --edge http://127.0.0.1:8787 --origin-port 9000`;

await new Command("conformance")
  .usage("[-- options]")
  .description("Plays HTTP cache cases against the edge over real HTTP: the project's own, and those of --cases.")
  .option("--cases <file...>", "files with further suites", existsSync(shared) ? [shared] : [])
  .option("--no-cases", "play the project's own cases only")
  .option("--no-own", "leave out the project's own cases")
  .addOption(
    new Option("--edge <url>", "play against an edge that runs already, and has the origin of --origin-port behind it")
      .argParser(edgeUrl)
      .conflicts("write"),
  )
  .option("--origin-port <n>", "port of the cases' origin on 127.0.0.1; any that is free unless given", port, 0)
  .option("--only <text>", "only suites and cases whose id contains it")
  .option("--at-once <n>", "cases played side by side", positive, 25)
  .option("--json <file>", "also write each case's result there")
  .option("--write", "write docs/CONFORMANCE.md")
  .addHelpText("after", afterHelp)
  .action(run)
  .parseAsync();

async function run(options: Options): Promise<void> {
  const { cases, own: withOwn, only = "", json, write } = options;
  const files = cases || [];
  if (cases && files.length === 0)
    console.error(`${relative(root, shared)} isn't there: only the project's own cases are played`);
  const parts: readonly Part[] = [
    ...(withOwn ? [{ name: "The project's own cases", suites: own }] : []),
    ...files.map((file) => ({
      name: file === shared ? "A part of the public suite" : file,
      isPublic: file === shared,
      suites: read(file),
    })),
  ].map((part) => chosen(part, only));
  const all = parts.flatMap(({ suites }) => suites.flatMap(({ tests }) => tests));
  const verdicts = await play(all, options, startTestedEdge);
  const again = options.edge === undefined ? await play(all.filter(setsCookies), options, startCookieEdge) : new Map();
  const played = parts.map((part): Played => {
    const set = scored(part.suites, new Map([...verdicts, ...again]));
    return { part, results: scored(part.suites, verdicts), set };
  });
  const results = played.flatMap((one) => one.results);
  tell(played, results);
  if (json) writeFileSync(json, JSON.stringify(results, null, 1));
  if (write) writeFileSync(documented, page(played));
}

/** By default such an answer is kept only when it also says that it is for everybody. */
function setsCookies({ requests }: Case): boolean {
  return requests.some(({ response_headers: fields = [] }) => fields.some(([name]) => /^set-cookie$/i.test(name)));
}

async function startCookieEdge(origin: string): Promise<TestedEdge> {
  return startSetEdge(origin, "{ storeSetCookie = true }");
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

async function play(
  cases: readonly Case[],
  { edge: given, originPort, atOnce }: Options,
  start: (origin: string) => Promise<TestedEdge>,
): Promise<ReadonlyMap<string, Verdict>> {
  const origin = await startCaseOrigin(originPort).catch((error: Error) => {
    console.error(`the cases' origin can't listen: ${error.message}`);
    process.exit(1);
  });
  const edge = given === undefined ? await start(origin.url) : { url: given, close: async () => {} };
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

function tell(played: readonly Played[], results: readonly Result[]): void {
  for (const one of played) console.log(`${table(one.part, one.results)}\n`);
  const failed = failures(results);
  if (failed.length > 0) console.log(`Not passed:\n${failed.join("\n")}\n`);
  const grave = missed(results);
  if (results.length === 0) console.error("no case of that name");
  console.log(
    grave.length === 0 ? "Every required case in reach passes." : `${grave.length} required cases in reach fail.`,
  );
  process.exitCode = grave.length === 0 && results.length > 0 ? 0 : 1;
}

function chosen({ suites, ...part }: Part, only: string): Part {
  const wanted = (suite: Suite): Suite => ({
    ...suite,
    tests: suite.tests.filter(({ id }) => id.includes(only) || suite.id.includes(only)),
  });
  return { ...part, suites: suites.map(wanted).filter(({ tests }) => tests.length > 0) };
}

function positive(text: string): number {
  if (!/^[1-9]\d{0,3}$/.test(text)) throw new InvalidArgumentError("It is a number from 1 to 9999.");
  return Number(text);
}

function port(text: string): number {
  if (!/^\d{1,5}$/.test(text) || Number(text) > 65_535)
    throw new InvalidArgumentError("It is a number from 0 to 65535.");
  return Number(text);
}

/** Without a path: the cases have their own. */
function edgeUrl(text: string): string {
  const url = URL.parse(text);
  if (!url || !/^https?:$/.test(url.protocol) || url.pathname !== "/" || url.search)
    throw new InvalidArgumentError("It is a URL without a path, such as http://127.0.0.1:8787.");
  return url.origin;
}
