/** A rule's limit, as it is written → as visits need it. */
import type { Quota } from "../gcra.ts";
import type { Rate } from "./quantity.ts";
import type { Limit } from "./rates.ts";
import type { LimitInput } from "./schema/limit.ts";

/** Of the burst, what an isolate may let go before it has told; or as much as comes back in so many milliseconds. */
const [leaseShare, leaseTime] = [0.5, 250];

/** @param name of the rule. */
export function toLimit(input: LimitInput, name: string): Limit {
  const { by, per, rate, atOnce, then: action } = input;
  if (by !== undefined) return { kind: "binding", binding: by, per, action };
  if (atOnce !== undefined) return { kind: "at-once", name, id: `${name} at once`, per, action, most: atOnce };
  const { count, period } = rate!;
  const quota = toQuota(rate!, input.burst);
  return {
    kind: "rate",
    name,
    // With its numbers: what was counted under others means something else.
    id: `${name} ${count}/${period}/${quota.burst}`,
    per,
    action,
    quota,
    count,
    period,
    scope: input.scope === "isolate" ? "isolate" : "global",
    lease: Math.ceil(Math.max(quota.burst * leaseShare, leaseTime / quota.interval)),
    counts: input.count,
  };
}

/** @param burst as much as comes back in a period, unless set. */
export function toQuota({ count, period }: Rate, burst = count): Quota {
  return { interval: period / count, burst };
}
