/** `perigee experiments`: what goes with experiments. */
import { Command } from "commander";
import { linkCommand } from "../experiments/link.ts";

const examplesOfUse = `
Examples:
  export SIGNING_KEY=…                                           the edge's secret of that name
  npm run perigee -- experiments link https://www.example.com/checkout --variant checkout=short --expires 1d
  npm run perigee -- experiments link https://www.example.com/   ends it`;

export function experimentsCommand(): Command {
  return new Command("experiments")
    .description("Make links by which testers see variants of experiments.")
    .addHelpText("after", examplesOfUse)
    .addCommand(linkCommand());
}
