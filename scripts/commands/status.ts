/** `perigee status`: how a running edge's origins stand, and what its rules did. */
import { Command } from "commander";
import { aligned } from "./aligned.ts";
import { aboutTokens, askEdge, operating, type Operated } from "./operate.ts";

/** What the edge answers, as far as it is shown. */
interface Report {
  readonly says: { readonly isolate: string; readonly location?: string; readonly region?: string };
  readonly origins: readonly OriginReport[];
  readonly probes: string | Readonly<Record<string, Probe>>;
  readonly rules: readonly RuleReport[];
  /** Experiment → variant that its guard has rolled back → why. */
  readonly experiments: Readonly<Record<string, Readonly<Record<string, { readonly says: string }>>>>;
}

/** How often a rule applied, and how often with which outcome. */
interface RuleReport {
  readonly name: string;
  readonly matched: number;
  readonly did: Readonly<Record<string, number>>;
  readonly would: Readonly<Record<string, number>>;
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
  return operating(
    new Command("status").description("Show how the origins of a running edge stand, and what its rules did."),
  )
    .option("--json", "all that the edge says", false)
    .addHelpText("after", examplesOfUse)
    .action(async (options: Operated & { readonly json: boolean }, command: Command) => {
      const report = (await askEdge(options, command, { page: "status" })) as Report;
      console.log(options.json ? JSON.stringify(report, null, 2) : render(report));
    });
}

function render({ says, origins, probes, rules, experiments }: Report): string {
  const { isolate, location = "somewhere", region = "no region" } = says;
  const rows = origins.map((origin) => rowOf(origin, typeof probes === "string" ? probes : probes[origin.name]));
  const heads = ["origin", "state", "why", "since", "in flight", "answers", "failures", "ms", "probes"];
  const ofRules = rules.map(({ name, matched, did, would }) => [name, String(matched), listed(did), listed(would)]);
  return [
    `Isolate ${isolate} at ${location} (${region}) says:`,
    "",
    ...aligned([heads, ...rows]),
    ...(ofRules.length === 0 ? [] : ["", ...aligned([["rule", "applied", "did", "would have done"], ...ofRules])]),
    ...rolledBackIn(experiments),
  ].join("\n");
}

function rolledBackIn(experiments: Report["experiments"]): readonly string[] {
  const lines = Object.entries(experiments).flatMap(([experiment, variants]) =>
    Object.entries(variants).map(([variant, { says }]) => `! ${experiment}: ${variant} is rolled back. ${says}`),
  );
  return lines.length === 0 ? [] : ["", ...lines];
}

/** Outcomes, the most frequent first: "blocked-by-rule 12, nothing 3". */
function listed(outcomes: RuleReport["did"]): string {
  const sorted = Object.entries(outcomes).toSorted(([, one], [, other]) => other - one);
  return sorted.length === 0 ? "-" : sorted.map(([outcome, count]) => `${outcome} ${count}`).join(", ");
}

function rowOf(origin: OriginReport, probe: Probe | string | undefined): readonly string[] {
  const { name, state, why, since, inFlight, answers, failures, ms } = origin;
  const probed = typeof probe === "object" ? `${probe.state} (${probe.why})` : probe;
  const cells = [name, state, why, since, inFlight, answers, failures, ms.usual, probed];
  return cells.map((cell) => String(cell ?? "-"));
}
