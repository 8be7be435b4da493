/** `npm run simulate`: choosing, health and cache over a simulated planet. docs/SIMULATION.md says what it means. */
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Command, InvalidArgumentError } from "commander";
import { locations as knownLocations } from "../../src/geo/locations.ts";
import { isTable } from "../check/document.ts";
import { giveUp } from "../command-error.ts";
import { toFigures } from "./figures.ts";
import { renderPage } from "./page.ts";
import { renderFigures } from "./report.ts";
import { run, type RunOptions } from "./run.ts";
import { SimulationError } from "./simulation-error.ts";

const command = new Command("simulate")
  .description("Simulates a planet of visits, and compares the origins that are chosen with the best possible.")
  .option("--visits <number>", "how many", whole(1, 100_000_000), 10_000_000)
  .option("--minutes <number>", "in which they come, of the planet's time", whole(1, 10_000), 60)
  .option("--locations <number>", "of the edge", whole(1, knownLocations.size), 300)
  .option("--origins <number>", "of the one site", whole(1, 1000), 100)
  .option("--policy <name>", "what `balance` of the site says", "nearest")
  .option("--site <json>", `what else the config says of it, such as '{"timeouts":{"header":"2s"}}'`, toTable, {})
  .option("--seed <number>", "of all that comes by chance: the same seed, the same figures", whole(0, 2 ** 31), 1)
  .option("--out <folder>", "where index.html and figures.json are written", "dist/simulation")
  .action(simulate);

command.parse();

function simulate({ out, ...options }: RunOptions & { readonly out: string }): void {
  try {
    const done = run(options, progress);
    const figures = toFigures(done);
    write(out, { "index.html": renderPage(done, figures), "figures.json": `${JSON.stringify(figures, null, 2)}\n` });
    console.log(renderFigures(figures));
    console.log(`\n${join(out, "index.html")}`);
  } catch (error) {
    giveUp(error, command);
  }
}

function write(folder: string, files: Readonly<Record<string, string>>): void {
  try {
    mkdirSync(folder, { recursive: true });
    for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
  } catch (error) {
    throw new SimulationError(`${folder} can't be written: ${(error as Error).message}`, { cause: error });
  }
}

/** Beside the figures, which go to the standard output. */
function progress(share: number): void {
  if (process.stderr.isTTY) process.stderr.write(share < 0.99 ? `\r… ${(share * 100).toFixed(0)} % ` : "\r");
  else if (Math.round(share * 100) % 10 === 0) console.error(`… ${(share * 100).toFixed(0)} %`);
}

function toTable(text: string): RunOptions["site"] {
  try {
    const value: unknown = JSON.parse(text);
    if (isTable(value)) return value;
  } catch {
    // Told below.
  }
  throw new InvalidArgumentError('It is a table in JSON, such as {"retry":{"tries":2}}.');
}

function whole(least: number, most: number): (text: string) => number {
  return (text) => {
    const number = /^\d+$/.test(text) ? Number(text) : Number.NaN;
    if (number >= least && number <= most) return number;
    throw new InvalidArgumentError(`It is a whole number from ${least} to ${most}.`);
  };
}
