/** Visits that failed. Pure. */
import type { Findings, Seen } from "./findings.ts";
import type { Result } from "./load.ts";
import { isPastSaving, keyOf, linesOf } from "./outages.ts";

/** What was wrong, and how often; the most frequent first. */
export function wrongsOf(results: readonly Result[]): Findings["wrong"] {
  const counts = new Map<string, number>();
  for (const { kind, wrong } of results) {
    if (wrong === undefined) continue;
    const says = `${kind.method} ${kind.name}: ${wrong}`;
    counts.set(says, (counts.get(says) ?? 0) + 1);
  }
  return [...counts].toSorted(([, one], [, other]) => other - one);
}

export interface Example extends Pick<Result, "target" | "due" | "wrong"> {
  /** The place of the edge that was asked, if a line of the log tells. */
  readonly place: string | undefined;
  /** Empty where no line of the log tells. */
  readonly decisions: readonly string[];
}

/** Those that could have been saved. */
export function examplesOf({ results, told, outages }: Seen): readonly Example[] {
  const failed = results.filter((result) => result.wrong !== undefined && !isPastSaving(result, outages));
  const lines = linesOf(told);
  return failed.map(({ target, due, wrong }) => {
    const near = told.filter(({ path }) => path === target);
    const [line] = near.toSorted((one, other) => Math.abs(one.began - due) - Math.abs(other.began - due));
    const decisions = line ? lines.get(keyOf(line))!.flatMap((each) => each.decisions) : [];
    return { target, due, wrong, place: line?.place, decisions };
  });
}
