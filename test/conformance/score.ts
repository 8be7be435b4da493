/** What the verdicts come to. Pure. */
import type { Case, Kind, Suite } from "./case.ts";
import type { Verdict } from "./judge.ts";
import { outOfReach } from "./out-of-reach.ts";

/** One case, and what came of it. */
export interface Result {
  /** Id of its suite. */
  readonly suite: string;
  readonly id: string;
  readonly kind: Kind;
  readonly verdict: Verdict | DependencyFailed;
}

/** Something that this case builds on doesn't work, so its own verdict means nothing. */
export interface DependencyFailed {
  readonly kind: "dependency-failed";
  readonly why: string;
}

export const kinds = ["required", "optimal", "check"] as const satisfies readonly Kind[];

/**
 * The verdicts with those of cases whose dependency did not pass taken back, however long the chain; in the order of the
 * suites. A dependency that wasn't played counts as passed.
 */
export function scored(suites: readonly Suite[], verdicts: ReadonlyMap<string, Verdict>): readonly Result[] {
  const cases = new Map(suites.flatMap(({ tests }) => tests.map((one) => [one.id, one] as const)));
  const broken = (one: Case): string | undefined =>
    one.depends_on?.find((id) => {
      const verdict = verdicts.get(id);
      if (verdict === undefined) return false;
      return verdict.kind !== "passed" || broken(cases.get(id)!) !== undefined;
    });
  return suites.flatMap((suite) =>
    suite.tests
      .filter(({ id }) => verdicts.has(id))
      .map((one) => {
        const because = broken(one);
        const failed = because && ({ kind: "dependency-failed", why: `${because} did not pass` } as const);
        return { suite: suite.id, id: one.id, kind: one.kind ?? "required", verdict: failed || verdicts.get(one.id)! };
      }),
  );
}

/** How many of a kind passed, of how many. */
export interface Score {
  readonly passed: number;
  readonly all: number;
}

export function scoreOf(results: readonly Result[], kind: Kind): Score {
  const all = results.filter((one) => one.kind === kind);
  return { passed: all.filter(isPassed).length, all: all.length };
}

/** The required cases that should have passed and did not. */
export function missed(results: readonly Result[]): readonly Result[] {
  return results.filter((one) => one.kind === "required" && !isPassed(one) && !outOfReach.has(one.id));
}

export function isPassed({ verdict }: Result): boolean {
  return verdict.kind === "passed";
}
