/** What may be said of copies of requests. */
import * as v from "valibot";
import { duration, someShare } from "../quantity.ts";
import { about, distinct, nameOf, table, type Known } from "./parts.ts";

/** The platform gives what goes on behind an answer half a minute. */
const someTime = v.pipe(
  duration,
  v.minValue(1, "a duration above zero"),
  v.maxValue(30_000, "a duration of at most 30s"),
);

/** A visit can wait for the headers of six answers at a time, and its own must be among them. */
const most = 3;

export function mirrorSchema(known: Known) {
  const origins = distinct(nameOf("the name of an origin", known.origins));
  return table({
    to: about(v.pipe(origins, v.maxLength(most, `a list of at most ${most}`)), "The origins that get the copies."),
    share: about(v.exactOptional(someShare, "100%"), "Of how many visits."),
    timeout: about(v.exactOptional(someTime, "10s"), "How long a copy may take, to the header of its answer."),
  });
}
