/** What a run came to, as text for people. It is Markdown, too. */
import { lateLine, percent, tableOf, verdictOf } from "../load/table.ts";
import type { Example } from "./failures.ts";
import { mostExtra, type Finding, type Findings } from "./findings.ts";

const headings = [
  "",
  "visits",
  "failed",
  "failed, once only",
  "p50 ms",
  "p99 ms",
  "ejected after ms",
  "returned after ms",
  "extra tries",
  "load on the others",
];

export function render({ whole, phases, wrong, examples, repeated, late, missed }: Findings): string {
  const rows = [headings, ...[...phases, whole].map(cellsOf)];
  const { failed, extra, needed } = whole;
  const verdicts = [
    `failed visits that could be repeated: ${failed} (target: 0)`,
    `extra tries: ${percent(extra / needed)} of ${needed} requests that visits needed (target: at most ${percent(mostExtra)})`,
    `POSTs done twice: ${repeated.POST} (target: 0); PUTs, which may be: ${repeated.PUT}`,
    lateLine(late),
  ];
  return [
    tableOf(rows),
    verdicts.map((line) => `- ${line}`).join("\n"),
    ...(wrong.length > 0 ? [wrong.map(([says, times]) => `- ${times} × ${says}`).join("\n")] : []),
    ...(examples.length > 0 ? [examples.map(lineOf).join("\n")] : []),
    verdictOf(missed),
  ].join("\n\n");
}

function lineOf({ target, due, wrong, decisions }: Example): string {
  return `- at ${(due / 1000).toFixed(1)} s, ${target}: ${wrong}: ${decisions.join(" ") || "the log says nothing of it"}`;
}

function cellsOf(finding: Finding): string[] {
  const { name, visits, failed, failedOnce, p50, p99, extra, load } = finding;
  return [
    name,
    ...[visits, failed, failedOnce, p50, p99].map((value) => value.toFixed(0)),
    spanOf(finding.ejected),
    spanOf(finding.returned),
    extra.toFixed(0),
    load === undefined ? "" : `${load.toFixed(2)} ×`,
  ];
}

/** From the first place to the last. */
function spanOf(times: readonly number[]): string {
  const [first, last] = [times[0], times.at(-1)];
  if (first === undefined || last === undefined) return "";
  return times.length === 1 ? first.toFixed(0) : `${first.toFixed(0)}–${last.toFixed(0)} (${times.length})`;
}
