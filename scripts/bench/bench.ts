/** `npm run bench`: what Perigee costs, beside what people would use instead. docs/BENCHMARKS.md says what it means. */
import { writeFileSync } from "node:fs";
import { Command, InvalidArgumentError } from "commander";
import { runToEnd } from "../ending.ts";
import { attempt, BenchError } from "./bench-error.ts";
import { startOrigin } from "./children.ts";
import { findDriver } from "./load.ts";
import { findPrograms } from "./programs/found.ts";
import { readMachine, renderMachine } from "./machine.ts";
import type { Findings } from "./section.ts";
import { sections } from "./sections.ts";
import { openWorkshop } from "./workshop.ts";

interface Options {
  readonly seconds: number;
  readonly connections: number;
  readonly rounds: number;
  readonly only?: string;
  readonly json?: string;
}

const titles = sections.flatMap((section) => section.titles);

const command = new Command("bench")
  .description("Measures requests/s and CPU a request of Perigee and of what people use instead, on this machine.")
  .option("--seconds <number>", "length of each timed run", wholeNumber, 1)
  .option("--connections <number>", "connections that ask at the same time", wholeNumber, 32)
  .option("--rounds <number>", "timed runs of each contestant, of which the median counts", wholeNumber, 5)
  .option("--only <name>", "only those below whose name contains this, and those they are compared with")
  .option("--json <file>", "write the figures to this file, too")
  .addHelpText("after", `\nMeasured is:\n${titles.map((title) => `  ${title}\n`).join("")}`)
  .action(bench);

await runToEnd(command);

async function bench({ only = "", json, ...options }: Options): Promise<void> {
  if (process.platform !== "linux") throw new BenchError("the CPU figures come from /proc, which only Linux has.");
  const isWanted = (title: string): boolean => title.toLowerCase().includes(only.toLowerCase());
  const chosen = sections.filter((section) => section.titles.some(isWanted));
  if (chosen.length === 0) throw new BenchError(`nothing has such a name. There is:\n  ${titles.join("\n  ")}`);

  const { isHere, versions } = findPrograms(progress);
  const driver = findDriver();
  const origin = await startOrigin();
  const workshop = await openWorkshop(origin.url);
  const machine = { ...readMachine(), programs: versions };
  const found: Findings[] = [];
  for (const section of chosen) {
    const stage = { ...options, driver, origin, workshop, progress, isHere };
    const findings = await attempt(() => section.run(isWanted, stage));
    found.push(findings instanceof BenchError ? { tables: [], failures: [findings.message], figures: {} } : findings);
  }
  const failures = found.flatMap((each) => each.failures);

  const { seconds, connections, rounds } = options;
  console.log(renderMachine(machine));
  console.log(`${driver.name}, ${connections} connections, medians of ${rounds} runs of ${seconds} s, all in turn\n`);
  console.log(found.flatMap(({ tables }) => tables).join("\n\n"));
  if (json !== undefined) {
    const figures = {
      machine,
      driver: driver.name,
      ...options,
      failures,
      ...Object.assign({}, ...found.map((each) => each.figures)),
    };
    writeFileSync(json, `${JSON.stringify(figures, null, 2)}\n`);
  }
  if (failures.length > 0) throw new BenchError(`not all was measured:\n  ${failures.join("\n  ")}`);
}

/** What is going on, beside the figures that go to the standard output. */
function progress(says: string): void {
  console.error(`… ${says}`);
}

function wholeNumber(text: string): number {
  if (!/^[1-9]\d{0,3}$/.test(text)) throw new InvalidArgumentError("It is a whole number from 1 to 9999.");
  return Number(text);
}
