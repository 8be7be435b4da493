/** A variant beside the control, as its guard compares them: in blocks of time, and without any one cluster of clients. */
import { clusters, type Answers, type Moment, type Seen } from "../../analytics.ts";
import { noContrast, withBlock, type Contrast } from "../../statistics/worse.ts";
import { noAnswers, sumOfAnswers } from "./counts.ts";
import { sumOfSeen } from "./moments.ts";

/** Plain data, and no more of it however long it goes on. */
export interface Comparison {
  /** What was seen since the last block was over. */
  readonly block: Block | undefined;
  /** Of all answers that were in blocks. */
  readonly control: Answers;
  readonly variant: Answers;
  /** First of all clients, then without each cluster. */
  readonly views: readonly View[];
}

/** Shares of failures, and logarithms of the milliseconds of answers that are none. */
export interface View {
  readonly failures: Contrast;
  readonly latency: Contrast;
}

interface Block extends Sides {
  /** The second it began with, and the one that was entered last. */
  readonly since: number;
  readonly last: number;
}

interface Sides {
  readonly control: Seen;
  readonly variant: Seen;
}

/** By name. */
export interface Named {
  readonly control: string;
  readonly variant: string;
}

/** A block is over after the second in which either side has had so many answers, and after so many seconds at the latest. */
const [enough, longest] = [2, 5];

const noView: View = { failures: noContrast, latency: noContrast };

export const noComparison: Comparison = {
  block: undefined,
  control: noAnswers,
  variant: noAnswers,
  views: Array.from({ length: 1 + clusters }, () => noView),
};

/** With what was seen in one more second. */
export function compare(comparison: Comparison, { at, seen }: Moment, { control, variant }: Named): Comparison {
  const known = new Map(Object.entries(seen));
  const sides = { control: known.get(control) ?? {}, variant: known.get(variant) ?? {} };
  const before = comparison.block && isOver(comparison.block, at) ? ended(comparison) : comparison;
  return { ...before, block: before.block ? more(before.block, at, sides) : { since: at, last: at, ...sides } };
}

function more({ since, control, variant }: Block, at: number, sides: Sides): Block {
  return { since, last: at, control: sumOfSeen(control, sides.control), variant: sumOfSeen(variant, sides.variant) };
}

/** Also where clocks differ, and a second comes after later ones. */
function isOver({ since, last, control, variant }: Block, at: number): boolean {
  if (Math.abs(at - since) >= longest) return true;
  return at !== last && Math.min(totalOf(control).count, totalOf(variant).count) >= enough;
}

/** As if the block was over. */
export function ended({ block, control, variant, views }: Comparison): Comparison {
  if (!block) return { block, control, variant, views };
  const all: Total = { control: totalOf(block.control), variant: totalOf(block.variant) };
  return {
    block: undefined,
    control: sumOfAnswers(control, all.control),
    variant: sumOfAnswers(variant, all.variant),
    views: views.map((view, index) => withSides(view, index === 0 ? all : without(index - 1, all, block))),
  };
}

/** Of the two sides. */
interface Total {
  readonly control: Answers;
  readonly variant: Answers;
}

function totalOf(seen: Seen): Answers {
  return Object.values(seen).reduce(sumOfAnswers, noAnswers);
}

function without(cluster: number, all: Total, { control, variant }: Sides): Total {
  return {
    control: difference(all.control, control[cluster] ?? noAnswers),
    variant: difference(all.variant, variant[cluster] ?? noAnswers),
  };
}

function difference(all: Answers, some: Answers): Answers {
  return {
    count: all.count - some.count,
    failures: all.failures - some.failures,
    logs: all.logs - some.logs,
    squares: all.squares - some.squares,
  };
}

function withSides({ failures, latency }: View, { control, variant }: Total): View {
  return {
    failures: withBlock(failures, failuresIn(control), failuresIn(variant)),
    latency: withBlock(latency, latencyIn(control), latencyIn(variant)),
  };
}

function failuresIn({ count, failures }: Answers) {
  return { count, sum: failures };
}

function latencyIn({ count, failures, logs }: Answers) {
  return { count: count - failures, sum: logs };
}
