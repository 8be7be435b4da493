/** Visits that failed. Pure. */
import type { Findings, Seen } from "./findings.ts";
import type { Result } from "./load.ts";
import { isIdempotent } from "./objects.ts";

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
  /** Empty where no line of the log tells. */
  readonly decisions: readonly string[];
}

/** As many tell what is wrong. */
const mostExamples = 5;

/** The first that could have been repeated. */
export function examplesOf({ results, told }: Seen): readonly Example[] {
  const failed = results.filter(({ kind, wrong }) => wrong !== undefined && isIdempotent(kind));
  return failed.slice(0, mostExamples).map(({ target, due, wrong }) => {
    const lines = told.filter(({ path }) => path === target);
    const [line] = lines.toSorted((one, other) => Math.abs(one.began - due) - Math.abs(other.began - due));
    return { target, due, wrong, decisions: line?.decisions ?? [] };
  });
}
