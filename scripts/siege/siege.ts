/** `npm run siege`: people's visits among ten times as many attackers'. docs/SIEGE.md says what it means. */
import { writeFileSync } from "node:fs";
import { Command } from "commander";
import { BenchError } from "../bench/bench-error.ts";
import { runToEnd } from "../ending.ts";
import { wholeNumber } from "../whole-number.ts";
import { writeDocument } from "./document.ts";
import { findingsOf } from "./findings.ts";
import { render } from "./report.ts";
import { run, type Scale } from "./run.ts";

interface Options extends Scale {
  readonly json?: string;
  readonly write?: true;
}

const command = new Command("siege")
  .description(
    "Sends an edge, among people's visits, nine times as many that it is to refuse, and tells what became of them.",
  )
  .option("--seed <number>", "decides who asks for what", wholeNumber, 1)
  .option("--seconds <number>", "length of each of the three phases", wholeNumber, 20)
  .option("--people <number>", "visits of people a second", wholeNumber, 200)
  .option("--attackers <number>", "visits of attackers a second, in the phase in the middle", wholeNumber, 1800)
  .option("--json <file>", "write the figures to this file, too")
  .option("--write", "write docs/SIEGE.md, which tells what all this means")
  .addHelpText("after", "\nEnds with code 1 when a target is missed.")
  .action(siege);

await runToEnd(command);

/** More would not fit into memory. */
function checkSize({ seconds, people, attackers }: Scale): void {
  const most = 1_000_000;
  if (seconds * (3 * people + attackers) > most)
    throw new BenchError(`it would be more than ${most} visits; ask for fewer.`);
}

async function siege({ json, write, ...scale }: Options): Promise<void> {
  if (process.platform !== "linux") throw new BenchError("the CPU figures come from /proc, which only Linux has.");
  checkSize(scale);
  const findings = findingsOf(await run(scale, (says) => console.error(`… ${says}`)));
  const report = render(findings);
  console.log(report);
  if (write) writeDocument(report, scale);
  if (json !== undefined) writeFileSync(json, `${JSON.stringify({ ...scale, ...findings }, null, 2)}\n`);
  if (findings.missed.length > 0) process.exitCode = 1;
}
