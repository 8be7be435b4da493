/** `perigee check`: what is wrong with a config, all of it, without starting anything. */
import { styleText } from "node:util";
import { Command } from "commander";
import { checkFile, type Report } from "../check/check.ts";
import type { Problem } from "../../src/config/config.ts";
import { giveUp } from "../command-error.ts";

const examplesOfUse = `
Examples:
  npm run check
  npm run check -- other.toml
  npm run check -- wrangler.jsonc --env production
  npm run check -- config.json          a config document for KV`;

export function checkCommand(): Command {
  return new Command("check")
    .description("Check a config, without starting anything.")
    .argument("[file]", "wrangler.toml, wrangler.jsonc, or a config document in JSON", "wrangler.toml")
    .option("-e, --env <name>", "check this environment of the file")
    .addHelpText("after", examplesOfUse)
    .action(check);
}

function check(file: string, { env }: { readonly env?: string }, command: Command): void {
  try {
    const report = checkFile(file, env);
    console.log(render(file, report));
    if (report.kind === "wrong") process.exitCode = 1;
  } catch (error) {
    giveUp(error, command);
  }
}

/** A report as it is printed; in colour only where a person reads it. */
export function render(file: string, report: Report): string {
  if (report.kind === "right") {
    const { origins, sites, rules, experiments } = report;
    const counts = [count(origins, "origin"), count(sites, "site"), count(rules, "rule")];
    if (experiments !== undefined) counts.push(count(experiments, "experiment"));
    return [`${styleText("green", "✓")} ${file}: ${counts.join(", ")}.`, ...(report.notes ?? []).map(spelled)].join(
      "\n\n",
    );
  }
  const problems = report.problems.map(spelled);
  return [`${styleText("red", "✗")} ${file} has ${count(problems.length, "problem")}.`, ...problems].join("\n\n");
}

function spelled({ at, says }: Problem): string {
  return `${styleText("bold", at)}\n  ${says}`;
}

function count(number: number, what: string): string {
  return `${number} ${what}${number === 1 ? "" : "s"}`;
}
