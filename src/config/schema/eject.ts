/** What may be said of origins that fail. */
import * as v from "valibot";
import { whole } from "../forms.ts";
import { duration, share, someShare, written } from "../quantity.ts";
import { about, agreeing, table, type Clash } from "./parts.ts";

const time = v.pipe(duration, v.minValue(1000, "a duration of at least 1s"));

const fields = table({
  failures: about(v.exactOptional(whole(1, 1000), 5), "As many failures in a row take an origin out."),
  rate: about(
    v.exactOptional(v.pipe(share, v.minValue(0.01, 'a share of at least "1%"')), "50%"),
    "As large a share of failures takes it out, when it was asked more than ten times in the window.",
  ),
  window: about(v.exactOptional(time, "30s"), "In which they are counted: what is older fades."),
  base: about(v.exactOptional(time, "10s"), "How long it is out; the second time in a row twice as long, and so on."),
  most: about(v.exactOptional(time, "5m"), "The longest that it is out at a time."),
  share: about(
    v.exactOptional(someShare, "80%"),
    "The largest part of a pool that is out, rounded down: one of two, two of three, none of one.",
  ),
  slowStart: about(v.exactOptional(duration, "30s"), "How long one that returned takes to get all its visits."),
  statuses: about(
    v.exactOptional(v.array(whole(500, 599)), [502, 503, 504]),
    "Of answers that count as failures. All others show that it works.",
  ),
});

export const ejectSchema = v.pipe(
  v.union([v.literal(false), v.pipe(fields, agreeing(findLonger))], `false or ${fields.message}`),
  v.transform((said) => (said === false ? undefined : { ...said, statuses: new Set(said.statuses) })),
);

function findLonger({ base, most }: v.InferOutput<typeof fields>): Clash[] {
  if (base <= most) return [];
  return [{ at: ["base"], value: base, message: `at most \`most\`, which is "${written(most)}"` }];
}
