/** `npm run bench`: what Perigee costs, beside what people would use instead. docs/BENCHMARKS.md says what it means. */
import { writeFileSync } from "node:fs";
import { Command, InvalidArgumentError } from "commander";
import { bundleWorker } from "../build.ts";
import { endProperly } from "../ending.ts";
import { BenchError } from "./bench-error.ts";
import { startOrigin } from "./children.ts";
import { choose, contestants } from "./contestants.ts";
import { findDriver } from "./load.ts";
import { readMachine, renderMachine } from "./machine.ts";
import { measure } from "./measure.ts";
import { compare, renderTables, renderWeight } from "./report.ts";
import { timeStartUp, weigh } from "./weigh.ts";
import { startWorkerd } from "./workerd.ts";
import { openWorkshop } from "./workshop.ts";

interface Options {
  readonly seconds: number;
  readonly connections: number;
  readonly rounds: number;
  readonly only?: string;
  readonly json?: string;
}

/** How often each Worker is started, for the median. */
const startUps = 7;

const command = new Command("bench")
  .description("Measures requests/s and CPU a request of Perigee and of what people use instead, on this machine.")
  .option("--seconds <number>", "length of each timed run", wholeNumber, 2)
  .option("--connections <number>", "connections that ask at the same time", wholeNumber, 32)
  .option("--rounds <number>", "timed runs of each contestant, of which the median counts", wholeNumber, 5)
  .option("--only <name>", "only contestants whose name contains this, and those they are compared with")
  .option("--json <file>", "write the figures to this file, too")
  .action(bench);

endProperly();
try {
  await command.parseAsync();
} catch (error) {
  if (error instanceof BenchError) command.error(`error: ${error.message}`);
  throw error;
}
process.exit();

async function bench(options: Options): Promise<void> {
  if (process.platform !== "linux") throw new BenchError("the CPU figures come from /proc, which only Linux has.");
  const chosen = choose(options.only);
  if (chosen.length === 0) {
    throw new BenchError(
      `no contestant has such a name. There are: ${contestants.map(({ name }) => name).join(", ")}.`,
    );
  }

  const driver = findDriver();
  const origin = await startOrigin();
  const workshop = await openWorkshop(origin.url);
  progress("building");
  const standing = [];
  for (const contestant of chosen) {
    standing.push({ contestant, workerd: await startWorkerd(await workshop.build(contestant)) });
  }
  const machine = readMachine();
  const rows = compare(await measure(standing, { ...options, driver, origin, progress }), chosen);

  progress("weighing the bundle and timing start-ups");
  const weight = weigh((await bundleWorker({ minify: true })).code);
  const startUp = await timeStartUp(await workshop.startables(), startUps);

  const { seconds, connections, rounds } = options;
  console.log(renderMachine(machine));
  console.log(`${driver.name}, ${connections} connections, medians of ${rounds} runs of ${seconds} s, all in turn\n`);
  console.log(`${renderTables(rows)}\n\n${renderWeight(weight, startUp)}`);
  if (options.json !== undefined) {
    const figures = { machine, driver: driver.name, seconds, connections, rounds, rows, weight, startUp };
    writeFileSync(options.json, `${JSON.stringify(figures, null, 2)}\n`);
  }
}

/** What is going on, beside the figures that go to the standard output. */
function progress(says: string): void {
  console.error(`… ${says}`);
}

function wholeNumber(text: string): number {
  if (!/^[1-9]\d{0,3}$/.test(text)) throw new InvalidArgumentError("It is a whole number from 1 to 9999.");
  return Number(text);
}
