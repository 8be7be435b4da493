/** What may be said of challenges. */
import * as v from "valibot";
import { sparedNames } from "../challenge.ts";
import { bindingName, whole } from "../forms.ts";
import { duration } from "../quantity.ts";
import { about, table } from "./parts.ts";

export const challengeSchema = table({
  clearance: about(
    v.exactOptional(
      v.pipe(duration, v.minValue(60_000, "a duration of at least 1m"), v.maxValue(30 * 86_400_000, 'at most "30d"')),
      "1h",
    ),
    "How long a client that passed isn't challenged again.",
  ),
  work: about(
    v.exactOptional(whole(1_000, 10_000_000), 200_000),
    "How many hashes a browser computes at most, half of them on average; a telephone computes some 200000 a second.",
  ),
  wait: about(
    v.exactOptional(
      v.pipe(duration, v.minValue(1_000, "a duration of at least 1s"), v.maxValue(60_000, 'at most "60s"')),
      "5s",
    ),
    "How long a browser that runs no scripts waits.",
  ),
  spare: about(v.exactOptional(v.array(v.picklist(sparedNames)), [...sparedNames]), "Who is never challenged."),
  turnstile: about(
    v.exactOptional(
      table({ siteKey: v.pipe(v.string(), v.regex(/^[\w.-]{1,100}$/, "a site key")), secret: bindingName }),
    ),
    "Cloudflare's Turnstile in place of work: its site key, and the name of the secret that holds the other one.",
  ),
});
