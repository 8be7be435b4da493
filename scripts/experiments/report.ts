/** `perigee experiments report`: what a running edge has counted; `resume`: what its guard took away comes back. */
import { Command } from "commander";
import { aboutTokens, askEdge, operating, type Operated } from "../commands/operate.ts";
import type { ExperimentReport } from "../../src/count/report.ts";
import { assess } from "./assess.ts";
import { render } from "./render.ts";

const examplesOfReport = `${aboutTokens}
Examples:
  npm run perigee -- experiments report --edge https://www.example.com
  npm run perigee -- experiments report --edge https://www.example.com --name checkout --json`;

export function reportCommand(): Command {
  return operating(new Command("report").description("Show what clients did in the experiments of a running edge."))
    .option("--name <name>", "only this experiment")
    .option("--json", "all figures", false)
    .addHelpText("after", examplesOfReport)
    .action(async ({ name, json, ...operated }: ReportOptions, command: Command) => {
      const { experiments } = (await askEdge(operated, command, { page: "experiments" })) as Answered;
      const wanted = experiments.filter((one) => name === undefined || one.name === name);
      if (name !== undefined && wanted.length === 0) command.error(`error: ${unknown(name, experiments)}`);
      const assessments = wanted.map(assess);
      console.log(json ? JSON.stringify(assessments, null, 2) : render(assessments));
    });
}

interface ReportOptions extends Operated {
  readonly name?: string;
  readonly json: boolean;
}

/** What the edge answers. */
interface Answered {
  readonly experiments: readonly ExperimentReport[];
}

function unknown(name: string, experiments: Answered["experiments"]): string {
  const names = experiments.map((one) => one.name).join(", ") || "none";
  return `The edge has no experiment ${name}; there is ${names}.`;
}

const examplesOfResume = `${aboutTokens}
Example:
  npm run perigee -- experiments resume checkout --edge https://www.example.com`;

export function resumeCommand(): Command {
  return operating(
    new Command("resume")
      .description("Bring back what the guard of an experiment has rolled back; it then watches anew.")
      .argument("<name>", "the experiment"),
  )
    .addHelpText("after", examplesOfResume)
    .action(async (name: string, operated: Operated, command: Command) => {
      const explain = { 400: () => `${operated.edge.origin} has no experiment ${name}.` };
      await askEdge(operated, command, { page: "experiments", order: { resume: name }, explain });
      console.log(`${name} goes on. Within seconds all clients of its variants see them again.`);
    });
}
