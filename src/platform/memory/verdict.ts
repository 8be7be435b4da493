/** Whether the guard of a variant rolls it back. */
import type { Answers, RolledBack } from "../../analytics.ts";
import type { Guard } from "../../config/guard.ts";
import { evidenceOfWorse, type Contrast } from "../../statistics/worse.ts";
import { ended, type Comparison } from "./comparison.ts";

/**
 * What speaks for it, in a sentence; undefined as long as nothing does, or only with one of the clusters of clients. A variant that
 * is no worse than its margins is rolled back by chance with a probability of 1 in 100 at most, however long it runs and however
 * often this is asked: 1 in 200 by its failures, and 1 in 200 by its latency.
 */
export function verdictOn(comparison: Comparison, guard: Guard): Omit<RolledBack, "at"> | undefined {
  const upToNow = ended(comparison);
  return judgeFailures(upToNow, guard) ?? judgeLatency(upToNow, guard);
}

/** Logs of the evidence that is enough: of all clients, and without each cluster. */
const [enough, enoughWithout] = [Math.log(200), Math.log(40)];

/** @param evidence of all clients first. */
function isEnough([all = Number.NaN, ...without]: readonly number[]): boolean {
  return all >= enough && without.every((evidence) => evidence >= enoughWithout);
}

function judgeFailures({ control, variant, views }: Comparison, { errors, least }: Guard) {
  if (errors === undefined || Math.min(control.count, variant.count) < least) return undefined;
  const unseen = unseenIn(control.count, variant.count);
  if (!isEnough(views.map(({ failures }) => evidenceOfWorse(failures, errors, unseen)))) return undefined;
  const { one, other } = meansOf(views[0]!.failures);
  const [here, there] = [`${percent(other)} of ${variant.count}`, `${percent(one)} of ${control.count}`];
  return {
    why: "errors",
    says: `${here} answers failed, of the control's ${there}: more than ${percent(errors)} above, beyond chance.`,
  } as const;
}

/**
 * The variance of one more failure and one more success on each side, as they would weigh: few answers without a failure aren't taken
 * for none ever.
 */
function unseenIn(control: number, variant: number): number {
  return (control ** 2 + variant ** 2) / (control + variant) ** 2;
}

/** By the means of logarithms: ratios are what a margin in percent is about, and a few very slow answers decide nothing. */
function judgeLatency({ control, variant, views }: Comparison, { latency, least }: Guard) {
  const [usual, now] = [good(control), good(variant)];
  if (latency === undefined || Math.min(usual, now) < least) return undefined;
  if (!isEnough(views.map((view) => evidenceOfWorse(view.latency, Math.log1p(latency), 0)))) return undefined;
  const { one, other } = meansOf(views[0]!.latency);
  const [here, there] = [other, one].map((level) => `${Math.exp(level).toFixed(0)} ms`);
  return {
    why: "latency",
    says: `Answers take ${here}, the control's ${there} (geometric means of ${now} and ${usual}): more than ${percent(latency)} above, beyond chance.`,
  } as const;
}

function good({ count, failures }: Answers): number {
  return count - failures;
}

/** At the same times: as the blocks weigh. */
function meansOf({ weight, one, other }: Contrast) {
  return { one: one / weight, other: other / weight };
}

function percent(share: number): string {
  return `${Number((share * 100).toPrecision(3))} %`;
}
