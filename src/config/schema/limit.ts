/** What may be said of a limit. */
import * as v from "valibot";
import { compileAnswerTest, compileKey } from "../../rules/rules.ts";
import { bindingName, whole } from "../forms.ts";
import { rate } from "../quantity.ts";
import { about, cel, nameOf, table, type Known } from "./parts.ts";

export type LimitInput = v.InferOutput<ReturnType<typeof limitSchema>>;

export function limitSchema(known: Known) {
  return v.pipe(
    table({
      by: about(
        v.exactOptional(v.pipe(bindingName, nameOf("the name of a rate-limit binding", known.limiters))),
        'The rate-limit binding that counts, in each location alone: in place of rate, with the scope "location".',
      ),
      per: about(
        v.exactOptional(cel(compileKey, known), "client.group"),
        'What is counted, each value by itself: CEL such as "client.ip", or a text in which "${…}" holds CEL. In it, client.ip is client.group.',
      ),
      rate: about(v.exactOptional(rate), 'How many in which time: "100/1m".'),
      burst: about(
        v.exactOptional(whole(1, 1_000_000)),
        "How many may come at once. As many as the rate has in its time unless set.",
      ),
      atOnce: about(v.exactOptional(whole(1, 10_000)), "In place of rate: how many may be under way in an isolate."),
      scope: about(
        v.exactOptional(v.picklist(["isolate", "location", "global"])),
        'Where it is counted: by each isolate alone, by each location (with by), or for all of them, which needs the binding RATES. "global" unless set for a rate.',
      ),
      count: about(
        v.exactOptional(cel(compileAnswerTest, known), "all"),
        'What counts: "all", "origin" for what an origin is asked for, or CEL over the answer: "response.status == 404".',
      ),
      then: about(
        v.exactOptional(v.picklist(["block", "challenge", "delay"]), "block"),
        "What comes of a visit over the limit: it is refused, or has to pass a challenge, or waits for its turn.",
      ),
    }),
    v.check(
      ({ by, rate, atOnce }) => [by, rate, atOnce].filter((one) => one !== undefined).length === 1,
      "a table with one of rate, atOnce and by",
    ),
    v.check(
      ({ by, atOnce, scope }) => scope === undefined || isScopeOf({ by, atOnce }, scope),
      'a table whose scope fits: "location" with by, "isolate" with atOnce, "isolate" or "global" with rate',
    ),
    v.check(
      ({ rate, burst, count, then }) =>
        rate !== undefined || (burst === undefined && count === "all" && then !== "delay"),
      'a table that can be counted so: burst, count and then = "delay" go with rate',
    ),
    v.check(
      ({ count, then }) => count === "all" || then !== "delay",
      'a table that can be counted so: then = "delay" goes with count = "all"',
    ),
  );
}

function isScopeOf({ by, atOnce }: { by: unknown; atOnce: unknown }, scope: string): boolean {
  if (by !== undefined) return scope === "location";
  return atOnce === undefined ? scope !== "location" : scope === "isolate";
}
