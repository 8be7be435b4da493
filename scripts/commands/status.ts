/** `perigee status`: how a running edge's origins stand. */
import { Command } from "commander";
import { aboutTokens, askEdge, operating, type Operated } from "./operate.ts";

/** What the edge answers, as far as it is shown. */
interface Report {
  readonly says: { readonly isolate: string; readonly location?: string; readonly region?: string };
  readonly origins: readonly OriginReport[];
  readonly probes: string | Readonly<Record<string, Probe>>;
}

interface OriginReport {
  readonly name: string;
  readonly state: string;
  readonly why?: string;
  readonly since?: string;
  readonly inFlight: number;
  readonly answers: number;
  readonly failures: number;
  readonly ms: { readonly usual?: number };
}

interface Probe {
  readonly state: string;
  readonly why: string;
}

const examplesOfUse = `${aboutTokens}
Each isolate of the edge tells what it has met itself: ask several times, and from several places.

Examples:
  npm run perigee -- status --edge https://www.example.com
  npm run perigee -- status --edge https://www.example.com --json`;

export function statusCommand(): Command {
  return operating(new Command("status").description("Show how the origins of a running edge stand."))
    .option("--json", "all that the edge says", false)
    .addHelpText("after", examplesOfUse)
    .action(async (options: Operated & { readonly json: boolean }, command: Command) => {
      const report = (await askEdge(options, command, { page: "status" })) as Report;
      console.log(options.json ? JSON.stringify(report, null, 2) : render(report));
    });
}

function render({ says, origins, probes }: Report): string {
  const { isolate, location = "somewhere", region = "no region" } = says;
  const rows = origins.map((origin) => rowOf(origin, typeof probes === "string" ? probes : probes[origin.name]));
  const table = [["origin", "state", "why", "since", "in flight", "answers", "failures", "ms", "probes"], ...rows];
  const widths = table[0]!.map((_, column) => Math.max(...table.map((row) => row[column]!.length)));
  const lines = table.map((row) =>
    row
      .map((cell, column) => cell.padEnd(widths[column]!))
      .join("  ")
      .trimEnd(),
  );
  return [`Isolate ${isolate} at ${location} (${region}) says:`, "", ...lines].join("\n");
}

function rowOf(origin: OriginReport, probe: Probe | string | undefined): readonly string[] {
  const { name, state, why, since, inFlight, answers, failures, ms } = origin;
  const probed = typeof probe === "object" ? `${probe.state} (${probe.why})` : probe;
  const cells = [name, state, why, since, inFlight, answers, failures, ms.usual, probed];
  return cells.map((cell) => String(cell ?? "-"));
}
