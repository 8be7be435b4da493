/** What may be said of choosing among origins. */
import * as v from "valibot";
import { compileText } from "../../rules/rules.ts";
import { cookieName, originName, whole } from "../forms.ts";
import { duration } from "../quantity.ts";
import { policyNames } from "../upstream.ts";
import { about, cel, distinct, nameOf, table, type Known } from "./parts.ts";

/** A text that tells visits apart: without CEL in it, all would be one. */
export function varying(known: Known) {
  return v.pipe(
    v.string(),
    v.regex(/\$\{/, "a text with ${…} in it, or all visits were alike"),
    cel(compileText, known),
  );
}

export function balanceSchema(known: Known) {
  return v.union(
    [
      v.picklist(policyNames),
      table({
        by: v.literal("hash"),
        key: about(varying(known), "What is hashed. The client's address where it comes to nothing."),
      }),
    ],
    `${policyNames.map((name) => `"${name}"`).join(", ")}, or { by = "hash", key = "…" }`,
  );
}

const stickyFor = v.pipe(duration, v.minValue(1000, "a duration of at least 1s"));
const defaultCookie = "perigee-sticky";

export const stickySchema = v.union(
  [
    v.pipe(
      stickyFor,
      v.transform((time) => ({ for: time, cookie: defaultCookie })),
    ),
    table({ for: stickyFor, cookie: v.exactOptional(cookieName, defaultCookie) }),
  ],
  'a duration such as "1h", or { for, cookie }',
);

export type SplitInput = v.InferOutput<ReturnType<typeof splitSchema>>;

/** What an arm without a name is called. */
export function armName(index: number): string {
  return `arm${index}`;
}

/** Also where some have the names that others get by their place. */
function haveOwnNames(arms: readonly { readonly name?: string }[]): boolean {
  return new Set(arms.map(({ name }, index) => name ?? armName(index))).size === arms.length;
}

export function splitSchema(known: Known) {
  const arms = v.pipe(
    v.array(
      table({
        name: about(v.exactOptional(originName), 'What the trail calls it. "arm0", "arm1" and so on unless set.'),
        origins: about(
          v.exactOptional(distinct(nameOf("the name of an origin", known.origins))),
          "The origins of these visits. Those that they would have had anyway unless set.",
        ),
        weight: about(whole(1, 1000), "Its share, beside the weights of the others."),
      }),
    ),
    v.minLength(2, "a list with at least two members"),
    v.check((all) => all.some(({ origins }) => origins), "a list of which one has origins, or nothing was dealt out"),
    v.check((all) => haveOwnNames(all), "a list whose members have names of their own"),
  );
  return v.union(
    [
      v.pipe(
        arms,
        v.transform((among) => ({ per: undefined, among })),
      ),
      table({
        per: about(varying(known), "What tells clients apart. The address where it comes to nothing."),
        among: arms,
      }),
    ],
    "a list with at least two members, or { per, among }",
  );
}
