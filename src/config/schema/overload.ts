/** What may be said of what happens when origins take no more. */
import * as v from "valibot";
import { botName, whole } from "../forms.ts";
import { duration, share } from "../quantity.ts";
import { about, agreeing, distinct, table, type Clash } from "./parts.ts";

/** Of an origin. */
export const maxConnectionsSchema = v.union(
  [whole(1, 1_000_000), v.literal("adaptive")],
  'a whole number from 1 to 1000000, or "adaptive"',
);

/** Of an origin. */
export const queueSchema = table({
  length: about(v.exactOptional(whole(0, 10_000), 100), "As many requests wait, in each isolate."),
  wait: about(
    v.exactOptional(v.pipe(duration, v.minValue(1, "a duration above zero"), v.maxValue(60_000, 'at most "1m"')), "1s"),
    "For so long, and then the next origin is asked.",
  ),
});

export const usualQueue = v.parse(queueSchema, {});

const overloads = '["stale", "refuse"] or ["refuse"]';

/** Of a site. */
export const overloadSchema = v.pipe(
  v.array(v.picklist(["stale", "refuse"]), overloads),
  v.check((steps) => /^(?:stale,)?refuse$/.test(steps.join(",")), `${overloads}, which are taken in that order`),
);

const steps = table({
  stale: about(v.exactOptional(share), "From so full on, what the cache has is served, stale too."),
  shed: about(
    v.exactOptional(
      table({
        at: about(share, "From so full on."),
        bots: about(distinct(botName), 'The bots, by the names that client.bot has, such as "gptbot".'),
      }),
    ),
    "These bots get 503.",
  ),
  refuse: about(v.exactOptional(share), "From so full on, all others get 503 that need an origin."),
});

/** Of a site: its steps are taken in this order. */
export const brownoutSchema = v.pipe(
  steps,
  v.check(({ stale, shed, refuse }) => (stale ?? shed ?? refuse) !== undefined, "a table with stale, shed or refuse"),
  agreeing(findDisorder),
);

function findDisorder({ stale, shed, refuse }: v.InferOutput<typeof steps>): Clash[] {
  const taken = [
    { at: ["stale"], value: stale },
    { at: ["shed", "at"], value: shed?.at },
    { at: ["refuse"], value: refuse },
  ] as const;
  const set = taken.filter(({ value }) => value !== undefined);
  return set.flatMap(({ at, value }, index) => {
    const before = set[index - 1];
    if (before === undefined || before.value! <= value!) return [];
    return [{ at, value, message: `as full or fuller than ${before.at.join(".")}, the step before it` }];
  });
}
