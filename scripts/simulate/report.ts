/** The figures as text for people. */
import { align } from "../bench/report.ts";
import type { Verdict } from "../bench/figures.ts";
import type { Figures, Phase, Recovery } from "./figures.ts";
import type { RunOptions } from "./run.ts";

export function renderFigures({ options, ...figures }: Figures): string {
  const { visits, seed, minutes, locations, origins } = options;
  const { whole, calm, loads, verdicts } = figures;
  return [
    `${visits} visits in ${minutes} minutes, ${locations} locations, ${origins} origins, ${siteOf(options)}, seed ${seed}`,
    table(phaseHeadings, [...figures.phases, whole].map(phaseCells)),
    `mean to the first byte against the best possible: ${renderVerdict(verdicts.calm)} in calm (${ms(calm.mean)} ms), ` +
      `${renderVerdict(verdicts.whole)} over all (${ms(whole.mean)} ms)`,
    table(
      ["share of visits", "ms", "at best"],
      figures.quantiles.map(({ share, took, best }) => [percent(share), ms(took), ms(best)]),
    ),
    table(recoveryHeadings, figures.troubles.map(recoveryCells)),
    `origins at work: ${percent(loads.middle)} in the median, ${percent(loads.busiest)} the busiest, ${percent(loads.peak)} in the busiest minute of any`,
  ].join("\n\n");
}

/** What its config says of the site. */
export function siteOf({ policy, site }: RunOptions): string {
  const said = Object.entries(site).map(([name, value]) => `, ${name} = ${JSON.stringify(value)}`);
  return `balance = "${policy}"${said.join("")}`;
}

export const phaseHeadings = [
  "phase",
  "from s",
  "until s",
  "visits",
  "hits",
  "mean ms",
  "best ms",
  "×",
  "failed",
  "stale",
  "tried again",
];

export function phaseCells(phase: Phase): string[] {
  const { name, from, until, visits, hitRatio, mean, best, ratio, failed, stale, again } = phase;
  const counts = [failed, stale].map(String);
  return [
    name,
    ...[from, until, visits].map((each) => each.toFixed(0)),
    percent(hitRatio),
    ...[mean, best].map(ms),
    ratio.toFixed(3),
    ...counts,
    percent(again),
  ];
}

export const recoveryHeadings = ["trouble", "origins", "visits failed", "left alone after", "back after"];

export function recoveryCells({ kind, origins, failed, leftAloneAfter, backAfter }: Recovery): string[] {
  return [kind, String(origins), String(failed), seconds(leftAloneAfter), seconds(backAfter)];
}

export function renderVerdict(verdict: Verdict): string {
  const { atMost, met } = verdict;
  return `${tell(verdict)} (≤ ${atMost}: ${met ? "met" : "NOT met"})`;
}

/** With as many digits as show that a target is missed. */
function tell({ value, atMost, met }: Verdict): string {
  const told = Array.from({ length: 13 }, (_, more) => value.toFixed(3 + more));
  return told.find((text) => met || Number(text) > atMost) ?? String(value);
}

export function percent(share: number): string {
  return `${(share * 100).toFixed(1)} %`;
}

export function ms(value: number): string {
  return value.toFixed(1);
}

function seconds(value: number | undefined): string {
  return value === undefined ? "not" : `${value.toFixed(0)} s`;
}

function table(headings: readonly string[], rows: readonly (readonly string[])[]): string {
  return align([headings, ...rows]);
}
