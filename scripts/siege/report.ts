/** What a siege came to, as text for people. It is Markdown, too. */
import { lateLine, percent, tableOf, verdictOf } from "../load/table.ts";
import { fates, type Fate } from "./fate.ts";
import type { Findings, KindFinding, PhaseFinding } from "./findings.ts";
import { targetLines } from "./targets.ts";

const fateNames = Object.keys(fates) as readonly Fate[];

const phaseHeadings = [
  "",
  "people's visits",
  "refused",
  "failed",
  "p50 ms",
  "p99 ms",
  "origin asked",
  "attackers' visits",
  ...fateNames.map((fate) => fates[fate]),
  "origin asked",
  "edge ran",
  "edge waited",
];

const kindHeadings = ["attackers", "visits", ...fateNames.map((fate) => fates[fate]), "most often"];

export function render(findings: Findings): string {
  const { phases, kinds, share, cost, wrong, late, missed } = findings;
  const verdicts = [
    ...targetLines(findings),
    `refused in the siege: ${percent(share)} of all visits, each for ${cost.toFixed(0)} µs of the edge's CPU`,
    loadLine(phases[1]!),
    lateLine(late),
  ];
  return [
    tableOf([phaseHeadings, ...phases.map(phaseCells)]),
    tableOf([kindHeadings, ...kinds.map(kindCells)]),
    verdicts.map((line) => `- ${line}`).join("\n"),
    ...(wrong.length > 0 ? [wrong.map(([says, times]) => `- ${times} × ${says}`).join("\n")] : []),
    verdictOf(missed),
  ].join("\n\n");
}

/** Of the time: where others have the processor for longer, figures tell of that. */
const muchWaiting = 0.1;

/** Near 100 % visits stand in a queue that grows, whoever had the processor. */
function loadLine({ cpu, waited }: PhaseFinding): string {
  const others = waited > muchWaiting ? ": **others on the machine held it up**" : "";
  return `in the siege the edge ran for ${percent(cpu)} of the time, and waited for a processor for ${percent(waited)}${others}`;
}

function phaseCells(phase: PhaseFinding): string[] {
  const { name, people, refused, failed, p50, p99, attackers, asked, cpu, waited } = phase;
  return [
    name,
    ...[people, refused, failed].map(String),
    ...[p50, p99].map((ms) => ms.toFixed(1)),
    String(asked.people),
    String(attackers),
    ...fateNames.map((fate) => String(phase.fates[fate])),
    String(asked.limited + asked.others),
    percent(cpu),
    percent(waited),
  ];
}

function kindCells({ name, visits, fates: counts, said }: KindFinding): string[] {
  const [most] = said;
  return [name, String(visits), ...fateNames.map((fate) => String(counts[fate])), most?.[0] ?? ""];
}
