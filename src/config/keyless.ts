/** What would challenge nobody, because there is no key to know again by what was asked. */
import type { Problem } from "./problem.ts";
import type { Placed, PlacedSite } from "./residency.ts";

/** The binding of the key that challenges need. */
const key = "SIGNING_KEY";

/** What challenges, and where it stands. */
interface Challenging {
  readonly sites: readonly PlacedSite[];
  readonly rules: readonly Placed[];
}

/** A problem for each rule and site that challenges, where the names of secrets are known and the key isn't among them. */
export function findKeyless({ sites, rules }: Challenging, secrets: readonly string[] | undefined): Problem[] {
  if (!secrets || secrets.includes(key)) return [];
  const places = [
    ...sites.flatMap(([at, { bots }]) => (bots?.challenge === undefined ? [] : [`${at}.bots.challenge`])),
    ...rules.flatMap(({ at, rule }) => [
      ...(rule.challenge ? [`${at}.challenge`] : []),
      ...(rule.limit?.action === "challenge" ? [`${at}.limit.then`] : []),
    ]),
  ];
  return places.map((at) => ({
    at,
    says: `It needs the secret ${key}, which is not set: nobody would be challenged.`,
  }));
}
