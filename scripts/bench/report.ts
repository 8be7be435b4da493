/** What was measured, as text for people. */
import type { Verdict } from "./figures.ts";
import type { Streamed } from "./streaming.ts";
import { ratioDigits, type Row } from "./rows.ts";
import type { StartUp, Weight } from "./weigh.ts";

/** The rows of one heat. */
export function renderRows(rows: readonly Row[]): string {
  const { scenario, size } = rows[0]!;
  const against = rows.find((row) => row.against !== undefined)?.against;
  const ratio = against === undefined ? "" : `× ${against}`;
  const headings = ["", "requests/s", "CPU µs/request", "lowest–highest", ratio, "lowest–highest", "target"];
  return `${scenario}, ${size}\n${align([headings, ...rows.map(toCells)])}`;
}

function toCells({ name, perSecond, cpu, lowest, highest, ratio, lowestRatio, highestRatio, verdict }: Row): string[] {
  return [
    name,
    perSecond.toFixed(0),
    cpu.toFixed(1),
    `${lowest.toFixed(0)}–${highest.toFixed(0)}`,
    ratio?.toFixed(ratioDigits) ?? "",
    ratio === undefined ? "" : `${lowestRatio!.toFixed(ratioDigits)}–${highestRatio!.toFixed(ratioDigits)}`,
    verdict ? renderVerdict(verdict, String(verdict.atMost)) : "",
  ];
}

/** A target that is missed by so little that the figure beside it doesn't show it is said to be. */
export function renderVerdict({ value, atMost, met }: Verdict, target: string): string {
  const missedBy = value / atMost - 1;
  const isBarely = !met && missedBy < barely;
  return `≤ ${target}: ${met ? "met" : "NOT met"}${isBarely ? ` by ${(missedBy * 100).toPrecision(1)} %` : ""}`;
}

/** A share of the target: figures have three digits at least, or are of no more than that. */
const barely = 0.05;

/** What memory grew by. */
export function renderStreamed(streamed: readonly Streamed[]): string {
  const headings = ["", "clients", "before", "at most", "after", "growth", "a client", "target"];
  const lines = streamed.map(({ name, clients, before, peak, after, growth, verdict }) => [
    name,
    String(clients),
    ...[before, peak, after, growth, growth / clients].map((bytes) => megabytes(bytes)),
    verdict ? renderVerdict(verdict, `${megabytes(verdict.atMost)} MB`) : "",
  ]);
  return `memory growth in MB, while hits of 10 MB are read slowly\n${align([headings, ...lines])}`;
}

export function renderWeight({ raw, gzip, verdict }: Weight, { whole, runtime }: StartUp): string {
  return align([
    ["bundle", `${kilobytes(raw)}, gzip -9 ${kilobytes(gzip)}`, renderVerdict(verdict, kilobytes(verdict.atMost))],
    [
      "start-up",
      `${(whole - runtime).toFixed(0)} ms (${whole.toFixed(0)} ms until the first answer, of which the runtime itself ${runtime.toFixed(0)} ms)`,
    ],
  ]);
}

function kilobytes(bytes: number): string {
  return `${(bytes / 1024).toFixed(1)} KB`;
}

function megabytes(bytes: number): string {
  return (bytes / 2 ** 20).toFixed(1);
}

/** Columns as wide as their widest cell; the numbers, which is all columns of digits alone, to the right. */
export function align(lines: readonly (readonly string[])[]): string {
  const widths = lines[0]!.map((_, column) => Math.max(...lines.map((line) => (line[column] ?? "").length)));
  return lines
    .map((line) =>
      line
        .map((cell, column) => (/^[\d.]+$/.test(cell) ? cell.padStart(widths[column]!) : cell.padEnd(widths[column]!)))
        .join("  ")
        .trimEnd(),
    )
    .join("\n");
}
