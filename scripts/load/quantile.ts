/** Of sorted values; NaN of none. */
export function quantile(values: readonly number[], part: number): number {
  return values[Math.min(values.length - 1, Math.floor(values.length * part))] ?? Number.NaN;
}

export function sorted(values: readonly number[]): number[] {
  return values.toSorted((one, other) => one - other);
}

/** How late visits were sent, in milliseconds: what 99 of 100 don't exceed, and the most. */
export interface Lateness {
  readonly p99: number;
  readonly most: number;
}

export function latenessOf(sent: readonly { readonly late: number }[]): Lateness {
  const late = sorted(sent.map((each) => each.late));
  return { p99: quantile(late, 0.99), most: quantile(late, 1) };
}
