/** What a run came to, as text for people. It is Markdown, too. */
import type { Example } from "./failures.ts";
import { mostExtra, percent, type Finding, type Findings } from "./findings.ts";

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

/** Milliseconds: where visits are sent later, edges and origins wait for the processor as long, and figures tell of that. */
const busy = 100;

export function render({ whole, phases, wrong, examples, repeated, late, missed }: Findings): string {
  const rows = [headings, ...[...phases, whole].map(cellsOf)];
  const { failed, extra, needed } = whole;
  const verdicts = [
    `failed visits that could be repeated: ${failed} (target: 0)`,
    `extra tries: ${percent(extra / needed)} of ${needed} requests that visits needed (target: at most ${percent(mostExtra)})`,
    `POSTs done twice: ${repeated} (target: 0)`,
    `visits were sent late by ${late.p99.toFixed(0)} ms or less, 99 of 100, and by ${late.most.toFixed(0)} ms at most${late.p99 > busy ? ": **the machine was too busy** for what this says of the edge" : ""}`,
  ];
  return [
    tableOf(rows),
    verdicts.map((line) => `- ${line}`).join("\n"),
    ...(wrong.length > 0 ? [wrong.map(([says, times]) => `- ${times} × ${says}`).join("\n")] : []),
    ...(examples.length > 0 ? [examples.map(lineOf).join("\n")] : []),
    missed.length > 0 ? `**Missed:** ${missed.join("; ")}.` : "All targets are met.",
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

/** A table whose columns line up. */
function tableOf([head = [], ...rows]: readonly (readonly string[])[]): string {
  const widths = head.map((_, column) => Math.max(3, ...[head, ...rows].map((row) => row[column]!.length)));
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell, column) => (column === 0 ? cell.padEnd(widths[0]!) : cell.padStart(widths[column]!))).join(" | ")} |`;
  const rule = widths.map((width, column) => (column === 0 ? "-".repeat(width) : `${"-".repeat(width - 1)}:`));
  return [line(head), line(rule), ...rows.map(line)].join("\n");
}
