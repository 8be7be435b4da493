/** What was measured, as text for people. */
import type { Contestant } from "./contestants.ts";
import { judge, type Verdict } from "./figures.ts";
import type { Row } from "./measure.ts";
import { sizeNames } from "./objects.ts";
import type { StartUp, Weight } from "./weigh.ts";

/** A row beside the one it is compared with. */
export interface Compared extends Row {
  readonly against?: string;
  /** Times the other's CPU microseconds. */
  readonly ratio?: number;
  readonly verdict?: Verdict;
}

/** Digits behind the point of a ratio, in the table and for its verdict. */
const ratioDigits = 2;

/** Adds the ratios. A row whose counterpart wasn't measured has none. */
export function compare(rows: readonly Row[], contestants: readonly Contestant[]): readonly Compared[] {
  return rows.map((row) => {
    const against = contestants.find(({ name }) => name === row.name)?.against;
    const other = rows.find(({ name, size }) => name === against?.name && size === row.size);
    if (!against || !other) return row;
    const ratio = row.cpu / other.cpu;
    const verdict = against.target === undefined ? undefined : judge(ratio, against.target, ratioDigits);
    return { ...row, against: against.name, ratio, ...(verdict && { verdict }) };
  });
}

const headings = ["", "requests/s", "CPU µs/request", "lowest–highest", "ratio", "target"];

/** One table a size. */
export function renderTables(rows: readonly Compared[]): string {
  return sizeNames
    .map((size) => {
      const lines = rows.filter((row) => row.size === size).map(toCells);
      return `${size} object\n${align([headings, ...lines])}`;
    })
    .join("\n\n");
}

function toCells({ name, perSecond, cpu, lowest, highest, ratio, against, verdict }: Compared): string[] {
  return [
    name,
    perSecond.toFixed(0),
    cpu.toFixed(1),
    `${lowest.toFixed(0)}–${highest.toFixed(0)}`,
    ratio === undefined ? "" : `${ratio.toFixed(ratioDigits)} × ${against}`,
    verdict ? renderVerdict(verdict, `${verdict.atMost} ×`) : "",
  ];
}

function renderVerdict({ met }: Verdict, atMost: string): string {
  return `≤ ${atMost}: ${met ? "met" : "NOT met"}`;
}

/** Bytes, gzipped, that the bundle is meant to have at most. */
const bundleTarget = 150 * 1024;

export function renderWeight({ raw, gzip }: Weight, { whole, runtime }: StartUp): string {
  const verdict = judge(gzip, bundleTarget, 0);
  return align([
    ["bundle", `${kilobytes(raw)}, gzip -9 ${kilobytes(gzip)}`, renderVerdict(verdict, kilobytes(bundleTarget))],
    [
      "start-up",
      `${(whole - runtime).toFixed(0)} ms (${whole.toFixed(0)} ms until the first answer, of which the runtime itself ${runtime.toFixed(0)} ms)`,
    ],
  ]);
}

function kilobytes(bytes: number): string {
  return `${(bytes / 1024).toFixed(1)} KB`;
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
