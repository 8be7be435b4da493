/** `perigee experiments`: what goes with experiments. */
import { Command } from "commander";
import { linkCommand } from "../experiments/link.ts";
import { reportCommand, resumeCommand } from "../experiments/report.ts";

const examplesOfUse = `
Examples:
  export SIGNING_KEY=…                                           the edge's secret of that name
  npm run perigee -- experiments link https://www.example.com/checkout --variant checkout=short --expires 1d
  npm run perigee -- experiments link https://www.example.com/   ends it
  npm run perigee -- experiments report --edge https://www.example.com`;

export function experimentsCommand(): Command {
  return new Command("experiments")
    .description("Show what experiments come to, and make links by which testers see variants.")
    .addHelpText("after", examplesOfUse)
    .addCommand(linkCommand())
    .addCommand(reportCommand())
    .addCommand(resumeCommand());
}
