/** What may be said of what happens when origins take no more. */
import * as v from "valibot";
import { whole } from "../forms.ts";
import { duration, share } from "../quantity.ts";
import { about, oneOrMore, table } from "./parts.ts";

/** Of an origin. */
export const maxConnectionsSchema = v.union(
  [whole(1, 1_000_000), v.literal("adaptive")],
  'a whole number from 1 to 1000000, or "adaptive"',
);

/** Of an origin. */
export const queueSchema = table({
  length: about(v.exactOptional(whole(0, 10_000), 100), "As many requests wait, in each isolate."),
  wait: about(
    v.exactOptional(v.pipe(duration, v.maxValue(60_000, 'at most "1m"')), "1s"),
    "For so long, and then the next origin is asked.",
  ),
});

/** Of a site. */
export const overloadSchema = v.union(
  [v.strictTuple([v.literal("stale"), v.literal("refuse")]), v.strictTuple([v.literal("refuse")])],
  '["stale", "refuse"] or ["refuse"]',
);

/** Of a site. */
export const brownoutSchema = table({
  stale: about(v.exactOptional(share), "From so full on, what the cache has is served, stale too."),
  shed: about(
    v.exactOptional(
      table({
        at: about(share, "From so full on."),
        bots: about(oneOrMore(v.string()), 'The bots, by the names that client.bot has, such as "gptbot".'),
      }),
    ),
    "These bots get 503.",
  ),
  refuse: about(v.exactOptional(share), "From so full on, all others get 503 that need an origin."),
});
