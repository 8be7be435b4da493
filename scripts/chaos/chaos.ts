/** `npm run chaos`: visits under way while origins fall and come back. docs/CHAOS.md says what it means. */
import { writeFileSync } from "node:fs";
import { Command } from "commander";
import { runToEnd } from "../ending.ts";
import { wholeNumber } from "../whole-number.ts";
import { writeDocument } from "./document.ts";
import { processOf } from "./edges.ts";
import { findingsOf } from "./findings.ts";
import type { Load } from "./load.ts";
import { render } from "./report.ts";
import { run } from "./run.ts";

interface Options extends Load {
  readonly json?: string;
  readonly write?: true;
}

const command = new Command("chaos")
  .description(
    "Kills, stalls, resets and slows origins behind three edge locations under load, and tells which visits failed.",
  )
  .option("--seed <number>", "decides what is asked for and what happens when", wholeNumber, 1)
  .option("--seconds <number>", "length of the load", wholeNumber, 102)
  .option("--rate <number>", "visits a second", wholeNumber, 200)
  .option("--json <file>", "write the figures to this file, too")
  .option("--write", "write docs/CHAOS.md, which tells what all this means")
  .addHelpText("after", "\nEnds with code 1 when a target is missed.")
  .action(chaos);

await runToEnd(command);

async function chaos({ json, write, ...load }: Options): Promise<void> {
  const findings = findingsOf(await run(load, (says) => console.error(`… ${says}`)), processOf);
  const report = render(findings);
  console.log(report);
  if (write) writeDocument(report, load);
  if (json !== undefined) writeFileSync(json, `${JSON.stringify({ ...load, ...findings }, null, 2)}\n`);
  if (findings.missed.length > 0) process.exitCode = 1;
}
