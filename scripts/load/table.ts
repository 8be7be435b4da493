/** A run's figures as Markdown, which people can read as it is, too. */
import { busy } from "./pace.ts";
import type { Lateness } from "./quantile.ts";

/** A table whose columns line up: the first to the left, the others, which are numbers, to the right. */
export function tableOf([head = [], ...rows]: readonly (readonly string[])[]): string {
  const widths = head.map((_, column) => Math.max(3, ...[head, ...rows].map((row) => row[column]!.length)));
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell, column) => (column === 0 ? cell.padEnd(widths[0]!) : cell.padStart(widths[column]!))).join(" | ")} |`;
  const rule = widths.map((width, column) => (column === 0 ? "-".repeat(width) : `${"-".repeat(width - 1)}:`));
  return [line(head), line(rule), ...rows.map(line)].join("\n");
}

export function percent(share: number): string {
  return `${(share * 100).toFixed(1)} %`;
}

/** How late visits were sent, and what that means. */
export function lateLine({ p99, most }: Lateness): string {
  const tooBusy = p99 > busy ? ": **the machine was too busy** for what this says of the edge" : "";
  return `visits were sent late by ${p99.toFixed(0)} ms or less, 99 of 100, and by ${most.toFixed(0)} ms at most${tooBusy}`;
}

/** What was missed, in sentences; none when a run holds what it is to hold. */
export function verdictOf(missed: readonly string[]): string {
  return missed.length > 0 ? `**Missed:** ${missed.join("; ")}.` : "All targets are met.";
}
