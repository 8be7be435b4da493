/** What may be said of how an origin is probed. */
import * as v from "valibot";
import { whole } from "../forms.ts";
import { duration, written } from "../quantity.ts";
import { about, agreeing, table, type Clash } from "./parts.ts";

const time = v.pipe(duration, v.minValue(1000, "a duration of at least 1s"));
const usualTimeout = 5_000;

/** Of which no answer has a body. */
const bodiless: ReadonlySet<number> = new Set([204, 205, 304]);

const fields = table({
  path: about(
    v.pipe(v.string(), v.regex(/^\/[!"$-~]*$/, 'a path that begins with "/", without spaces and "#"')),
    "What is asked for, below the origin's URL.",
  ),
  interval: about(v.exactOptional(time, "10s"), "From one probe to the next, in each region."),
  timeout: about(
    v.exactOptional(time),
    "How long the answer may take, at most `interval`. 5s unless set, or `interval` where that is shorter.",
  ),
  statuses: about(
    v.exactOptional(v.pipe(v.array(whole(200, 599)), v.nonEmpty("a list with at least one member"))),
    "The statuses that are good. From 200 to 299 unless set.",
  ),
  body: about(
    v.exactOptional(v.pipe(v.string(), v.nonEmpty("a text that isn't empty"), v.maxLength(200))),
    "A text that must be in the first 64 KB of the body.",
  ),
  rise: about(v.exactOptional(whole(1, 100), 2), "Good probes in a row that make it up again."),
  fall: about(v.exactOptional(whole(1, 100), 3), "Bad probes in a row that make it down."),
});

export const healthSchema = v.pipe(
  fields,
  agreeing(findFutile),
  v.transform(({ statuses, body, timeout, ...rest }) => ({
    ...rest,
    timeout: timeout ?? Math.min(usualTimeout, rest.interval),
    statuses: statuses && new Set(statuses),
    body,
  })),
);

/** What a probe would wait for in vain. */
function findFutile({ interval, timeout = 0, statuses = [], body }: v.InferOutput<typeof fields>): Clash[] {
  const late = {
    at: ["timeout"],
    value: timeout,
    message: `at most \`interval\`, which is "${written(interval)}"`,
  } as const;
  const isFutile = body !== undefined && statuses.length > 0 && statuses.every((status) => bodiless.has(status));
  const empty = {
    at: ["body"],
    value: body,
    message: "what an answer of these statuses can have: they have no body",
  } as const;
  return [...(timeout > interval ? [late] : []), ...(isFutile ? [empty] : [])];
}
