/** Whether the guard of a variant rolls it back. */
import type { Answers, RolledBack } from "../../analytics.ts";
import type { Guard } from "../../config/guard.ts";
import { evidenceOfFailing, evidenceOfLevel, meanOf, type Level } from "../../statistics/worse.ts";

export interface Sides {
  readonly control: Answers;
  readonly variant: Answers;
}

/**
 * What speaks for it, in a sentence; undefined as long as nothing does. A variant that is no worse than its margins is rolled
 * back by chance with a probability of 1 in 100 at most, however long it runs and however often this is asked: 1 in 200 by its
 * failures, and 1 in 200 by its latency.
 */
export function verdictOn(sides: Sides, guard: Guard): Omit<RolledBack, "at"> | undefined {
  return judgeFailures(sides, guard) ?? judgeLatency(sides, guard);
}

/** Log of the evidence that is enough. */
const enough = Math.log(200);

function judgeFailures({ control, variant }: Sides, { errors, least }: Guard): Omit<RolledBack, "at"> | undefined {
  if (errors === undefined || Math.min(control.count, variant.count) < least) return undefined;
  if (evidenceOfFailing(control, variant, errors) < enough) return undefined;
  const [here, there] = [variant, control].map(({ count, failures }) => `${percent(failures / count)} of ${count}`);
  return {
    why: "errors",
    says: `${here} answers failed, of the control's ${there}: more than ${percent(errors)} above, beyond chance.`,
  };
}

/** By the means of logarithms: ratios are what a margin in percent is about, and a few very slow answers decide nothing. */
function judgeLatency({ control, variant }: Sides, { latency, least }: Guard): Omit<RolledBack, "at"> | undefined {
  const [one, other] = [levelOf(control), levelOf(variant)];
  if (latency === undefined || Math.min(one.count, other.count) < least) return undefined;
  if (evidenceOfLevel(one, other, Math.log1p(latency)) < enough) return undefined;
  const [here, there] = [other, one].map((level) => `${Math.exp(meanOf(level)).toFixed(0)} ms`);
  return {
    why: "latency",
    says: `Answers take ${here}, the control's ${there} (geometric means of ${other.count} and ${one.count}): more than ${percent(latency)} above, beyond chance.`,
  };
}

function levelOf({ count, failures, logs, squares }: Answers): Level {
  return { count: count - failures, sum: logs, squares };
}

function percent(share: number): string {
  return `${Number((share * 100).toPrecision(3))} %`;
}
