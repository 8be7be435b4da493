/** What may be said of how an origin is probed. */
import * as v from "valibot";
import { whole } from "../forms.ts";
import { duration } from "../quantity.ts";
import { about, table } from "./parts.ts";

const time = v.pipe(duration, v.minValue(1000, "a duration of at least 1s"));
const [short, long] = ["5s", "10s"];

export const healthSchema = v.pipe(
  table({
    path: about(
      v.pipe(v.string(), v.regex(/^\/[!-~]*$/, 'a path that begins with "/", without spaces')),
      "What is asked for, below the origin's URL.",
    ),
    interval: about(v.exactOptional(time, long), "From one probe to the next, in each region."),
    timeout: about(v.exactOptional(time, short), "How long the answer may take."),
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
  }),
  v.transform(({ statuses, body, ...rest }) => ({ ...rest, statuses: statuses && new Set(statuses), body })),
);
