/** What may be said of a limit. */
import * as v from "valibot";
import { clientFields, compileAnswerTest, compileKey, requestFields } from "../../rules/rules.ts";
import { bindingName, whole } from "../forms.ts";
import { typos } from "../nearest.ts";
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
        v.exactOptional(v.pipe(v.string(), v.rawCheck(isNoSlip), cel(compileKey, known)), "client.group"),
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

/** What CEL can ask of a visit. */
const variables = [
  ...Object.keys(clientFields).map((field) => `client.${field}`),
  ...Object.keys(requestFields).map((field) => `request.${field}`),
];

/** A word is counted as it is: one that is almost a variable, or the last part of one, would count everybody together. */
function isNoSlip({ dataset, addIssue }: Parameters<Parameters<typeof v.rawCheck<string>>[0]>[0]): void {
  if (!dataset.typed || !/^[\w-]+$/.test(dataset.value)) return;
  const word = dataset.value.replace(/[-_]/g, "").toLowerCase();
  const isSlip = (variable: string): boolean => {
    const [owner = "", field = ""] = variable.toLowerCase().split(".");
    return [owner, field].includes(word) || typos(word, owner + field) <= 1;
  };
  const meant = variables.filter(isSlip);
  if (meant.length === 0) return;
  addIssue({
    message: "a variable, and a word that looks like one stands in quotes ('\"word\"')",
    expected: meant.map((variable) => JSON.stringify(variable)).join(" | "),
  });
}

function isScopeOf({ by, atOnce }: { by: unknown; atOnce: unknown }, scope: string): boolean {
  if (by !== undefined) return scope === "location";
  return atOnce === undefined ? scope !== "location" : scope === "isolate";
}
