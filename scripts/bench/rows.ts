/** What was timed, as the lines of a table. */
import { judge, median, ratios, spreadOf, type Verdict } from "./figures.ts";
import type { Heat } from "./heats.ts";
import type { Timed } from "./measure.ts";
import type { SizeName } from "./objects.ts";

export interface Row {
  readonly scenario: string;
  readonly size: SizeName;
  readonly name: string;
  readonly perSecond: number;
  /** CPU microseconds a request: the median of the runs, the lowest, the highest. */
  readonly cpu: number;
  readonly lowest: number;
  readonly highest: number;
  /** The one it is compared with. */
  readonly against?: string;
  /** Times the other's CPU: the median of the rounds, the lowest, the highest. */
  readonly ratio?: number;
  readonly lowestRatio?: number;
  readonly highestRatio?: number;
  readonly verdict?: Verdict;
}

/** Digits behind the point of a ratio, in the table. */
export const ratioDigits = 2;

/** The rows of one heat. There are no ratios when the one to compare with wasn't timed. */
export function toRows({ scenario, size }: Heat, timed: readonly Timed[]): readonly Row[] {
  const other = timed.find(({ entrant }) => entrant.contestant === scenario.against);
  return timed.map(({ entrant, runs }) => {
    const { middle: cpu, lowest, highest } = spreadOf(runs.map((run) => run.cpu));
    const perSecond = median(runs.map((run) => run.perSecond));
    const row = { scenario: scenario.name, size, name: entrant.contestant.name, perSecond, cpu, lowest, highest };
    if (!other || entrant === other.entrant) return row;
    const ratio = ratios(runs, other.runs);
    return {
      ...row,
      against: scenario.against.name,
      ...{ ratio: ratio.middle, lowestRatio: ratio.lowest, highestRatio: ratio.highest },
      ...(entrant.target !== undefined && { verdict: judge(ratio.middle, entrant.target) }),
    };
  });
}
