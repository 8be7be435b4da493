/** What a run came to, as text for people. It is Markdown, too. */
import { lateLine, percent, tableOf, verdictOf } from "../load/table.ts";
import type { Example } from "./failures.ts";
import { mostExtra, type Finding, type Findings } from "./findings.ts";
import type { Wrongly } from "./outages.ts";
import type { Taken } from "./taken.ts";
import type { Tally } from "./tally.ts";

const headings = [
  "",
  "visits",
  "failed",
  "failed, once only",
  "broke off",
  "p50 ms",
  "p99 ms",
  "ejected after ms",
  "returned after ms",
  "ejected though well",
  "extra tries",
  "load on the well",
];

/** Of the table by path, which has no more than these. */
const tallied = headings.slice(0, 7);

/** As many of each list are told. */
const most = 20;

export function render(findings: Findings): string {
  const { whole, phases, paths, wrong, examples, wrongly, taken, repeated, late, missed } = findings;
  const rows = [headings, ...[...phases, whole].map(cellsOf)];
  const { failed, extra, needed } = whole;
  const verdicts = [
    `failed visits that could have been saved: ${failed} (target: 0)`,
    `extra tries: ${percent(extra / needed)} of ${needed} requests that visits needed (target: at most ${percent(mostExtra)})`,
    `POSTs done twice: ${repeated.POST} (target: 0); PUTs, which may be: ${repeated.PUT}`,
    `origins ejected though they were well: ${wrongly.length} (target: 0)`,
    `places at origins that were never given back: ${taken.map(heldOf).join(", ") || "none"} (target: none)`,
    lateLine(late),
  ];
  return [
    tableOf(rows),
    tableOf([tallied, ...paths.map(countsOf)]),
    verdicts.map((line) => `- ${line}`).join("\n"),
    ...listed(wrong.map(([says, times]) => `- ${times} × ${says}`)),
    ...listed(examples.map(lineOf)),
    ...listed(wrongly.map(ejectionOf)),
    verdictOf(missed),
  ].join("\n\n");
}

function listed(lines: readonly string[]): readonly string[] {
  const rest = lines.length > most ? [`- and ${lines.length - most} more`] : [];
  return lines.length > 0 ? [[...lines.slice(0, most), ...rest].join("\n")] : [];
}

function lineOf({ target, due, wrong, place, decisions }: Example): string {
  const where = place === undefined ? "" : ` in ${place}`;
  return `- at ${inSeconds(due)} s, ${target}${where}: ${wrong}: ${decisions.join(" ") || "the log says nothing of it"}`;
}

function ejectionOf({ place, time, origin, path, decisions }: Wrongly): string {
  return `- at ${inSeconds(time)} s, ${place} ejected ${origin}, which was well, with ${path ?? "a visit"}: ${decisions.join(" ")}`;
}

function heldOf({ place, origin, inFlight, waiting }: Taken): string {
  return `${inFlight} of ${origin} in ${place}${waiting > 0 ? `, where ${waiting} wait` : ""}`;
}

function inSeconds(time: number): string {
  return (time / 1000).toFixed(1);
}

function cellsOf(finding: Finding): string[] {
  const { ejected, returned, ejectedWell, extra, load } = finding;
  return [
    ...countsOf(finding),
    spanOf(ejected),
    spanOf(returned),
    ejectedWell.toFixed(0),
    extra.toFixed(0),
    load === undefined ? "" : `${load.toFixed(2)} ×`,
  ];
}

function countsOf({ name, visits, failed, failedOnce, brokeOff, p50, p99 }: Tally): string[] {
  return [name, ...[visits, failed, failedOnce, brokeOff, p50, p99].map((value) => value.toFixed(0))];
}

/** From the first place to the last. */
function spanOf(times: readonly number[]): string {
  const [first, last] = [times[0], times.at(-1)];
  if (first === undefined || last === undefined) return "";
  return times.length === 1 ? first.toFixed(0) : `${first.toFixed(0)}–${last.toFixed(0)} (${times.length})`;
}
