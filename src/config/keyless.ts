/** What would know nobody again, because there is no key to sign by what was given. */
import type { Problem } from "./problem.ts";
import type { Placed, PlacedSite } from "./residency.ts";

/** The binding of the key. */
const key = "SIGNING_KEY";

/** What may need it, and where it stands. */
interface Keyed {
  readonly sites: readonly PlacedSite[];
  readonly rules: readonly Placed[];
  readonly experiments: readonly { readonly at: string; readonly value: Counting }[];
}

interface Counting {
  readonly sticky?: number;
  readonly goals: readonly unknown[];
}

/** A problem for each place that needs it, where the names of secrets are known and the key isn't among them. */
export function findKeyless({ sites, rules, experiments }: Keyed, secrets: readonly string[] | undefined): Problem[] {
  if (!secrets || secrets.includes(key)) return [];
  const challenging = [
    ...sites.flatMap(([at, { bots }]) => (bots?.challenge === undefined ? [] : [`${at}.bots.challenge`])),
    ...rules.flatMap(({ at, rule }) => [
      ...(rule.challenge ? [`${at}.challenge`] : []),
      ...(rule.limit?.action === "challenge" ? [`${at}.limit.then`] : []),
    ]),
  ];
  const keeping = experiments.flatMap(({ at, value }) => (value.sticky === undefined ? [] : [`${at}.sticky`]));
  const counting = experiments.flatMap(({ at, value }) => (value.goals.length === 0 ? [] : [`${at}.goals`]));
  const problem = (at: string, so: string): Problem => ({
    at,
    says: `It needs the secret ${key}, which is not set: ${so}.`,
  });
  return [
    ...challenging.map((at) => problem(at, "nobody would be challenged")),
    ...keeping.map((at) => problem(at, "no client would be known again")),
    ...counting.map((at) => problem(at, "no client would be counted")),
  ];
}
