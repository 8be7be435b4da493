/** What the page's plots show. */
import type { Figures } from "./figures.ts";
import type { Run } from "./run.ts";
import type { Slices } from "./tally.ts";

/** One plot: its data as `plots.js` draws it. */
export interface Plot {
  readonly title: string;
  readonly note: string;
  readonly x: { readonly label: string; readonly values: readonly number[] };
  /** What the numbers are: in percent, or milliseconds. */
  readonly unit: "%" | "ms";
  readonly series: readonly { readonly label: string; readonly values: readonly (number | null)[] }[];
  /** Stretches of x to be shaded. */
  readonly shaded: readonly (readonly [from: number, until: number, label: string])[];
  /** Equal steps for equal ratios. */
  readonly isLogarithmic: boolean;
}

export function plotsOf({ troubles, tally }: Run, { loads }: Figures): readonly Plot[] {
  const { slices, slice, troubled } = tally;
  const minutes = Array.from(slices.visits, (_, index) => rounded((index * slice) / 60_000));
  const byTime = {
    x: { label: "minutes", values: minutes },
    shaded: troubles.map(({ kind, from, until }) => [from / 60_000, until / 60_000, kind] as const),
    isLogarithmic: false,
  };
  const share = (part: keyof Slices, of: keyof Slices) => quotients(slices[part], slices[of], 100);
  return [
    {
      ...byTime,
      title: "Time to the first byte",
      note: "of visits for which origins were asked, in the mean",
      unit: "ms",
      isLogarithmic: true,
      series: [
        { label: "as chosen", values: quotients(slices.took, slices.fetches, 1) },
        { label: "at best", values: quotients(slices.best, slices.fetches, 1) },
      ],
    },
    {
      ...byTime,
      title: "Hits",
      note: "as a share of visits",
      unit: "%",
      series: [{ label: "hits", values: share("hits", "visits") }],
    },
    {
      ...byTime,
      title: "Trouble, as visitors and origins have it",
      note: "visits without an answer, visits with a stale one, and tries beyond the first",
      unit: "%",
      series: [
        { label: "failed", values: share("failed", "visits") },
        { label: "stale", values: share("stale", "visits") },
        { label: "tried again", values: share("again", "tries") },
      ],
    },
    {
      ...byTime,
      title: "Who is asked",
      note: "the share of tries that go to the origins of each region in trouble",
      unit: "%",
      series: troubles.map(({ kind }, index) => ({
        label: `to those that ${kind}`,
        values: quotients(troubled[index]!, slices.tries, 100),
      })),
    },
    {
      title: "Load",
      note: "of each origin over the whole time, as a share of what it can do; the busiest first",
      unit: "%",
      x: { label: "origins", values: loads.each.map((_, index) => index + 1) },
      series: [{ label: "at work", values: loads.each.map((each) => rounded(each * 100)) }],
      shaded: [],
      isLogarithmic: false,
    },
  ];
}

/** Null where there is nothing to divide by, which leaves a gap. */
function quotients(parts: Float64Array, wholes: Float64Array, times: number): (number | null)[] {
  return Array.from(parts, (part, index) => (wholes[index]! > 0 ? rounded((part / wholes[index]!) * times) : null));
}

/** As many digits as a plot can show. */
function rounded(value: number): number {
  return Number(value.toPrecision(5));
}
