/** A rule's limit, as it is written → as visits need it. */
import type { Quota } from "../gcra.ts";
import type { Rule } from "./model.ts";
import type { Rate } from "./quantity.ts";
import type { Limit } from "./rates.ts";
import type { LimitInput } from "./schema/limit.ts";

/** An isolate tells when such a part of the burst is spent there; or as much as comes back in so many milliseconds, if that is more. */
const [toldShare, toldTime] = [1 / 8, 30];

/** Of the rule that it is in. */
interface Holder {
  readonly name: string;
  readonly monitor: boolean;
}

export function toLimit(input: LimitInput, { name, monitor }: Holder): Limit {
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
    monitor,
    quota,
    count,
    period,
    scope: input.scope === "isolate" ? "isolate" : "global",
    tellAfter: Math.ceil(Math.max(quota.burst * toldShare, toldTime / quota.interval)),
    counts: input.count,
  };
}

/** @param burst as much as comes back in a period, unless set. */
export function toQuota({ count, period }: Rate, burst = count): Quota {
  return { interval: period / count, burst };
}

/** Rules of the same name and rate count each by itself all the same: the later ones' counts are numbered. */
export function countedApart(rules: readonly Rule[]): Rule[] {
  const times = new Map<string, number>();
  return rules.map((rule) => {
    const { limit } = rule;
    if (!limit || limit.kind === "binding") return rule;
    const time = (times.get(limit.id) ?? 0) + 1;
    times.set(limit.id, time);
    return time === 1 ? rule : { ...rule, limit: { ...limit, id: `${limit.id} #${time}` } };
  });
}
