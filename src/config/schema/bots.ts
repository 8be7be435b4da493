/** What may be said of bots. */
import * as v from "valibot";
import { usual } from "../../bots/browsers.ts";
import { namedKinds } from "../../bots/kinds.ts";
import { isFoundIn, tokenForm } from "../../bots/table.ts";
import { whole } from "../forms.ts";
import { about, table } from "./parts.ts";

export type AiInput = v.InferOutput<typeof aiSchema>;
export type AccessInput = v.InferOutput<typeof accessSchema>;

const monitor = about(
  v.exactOptional(v.boolean(), false),
  "What it would do is only noted on the trail and counted, and nothing happens.",
);

const points = whole(1, 100);

/** Of a site. */
export const thresholdsSchema = v.pipe(
  table({
    log: about(v.exactOptional(points), "From this score on, the visit is noted, and always logged."),
    challenge: about(v.exactOptional(points), "From this score on, it is challenged."),
    block: about(v.exactOptional(points), "From this score on, it is refused."),
    monitor,
  }),
  v.check(
    ({ log, challenge, block }) => isRising([log, challenge, block]),
    "a table whose scores rise from log to challenge to block",
  ),
);

/** Those that are there: what is left out is in nobody's way. */
function isRising(scores: readonly (number | undefined)[]): boolean {
  const said = scores.filter((score) => score !== undefined);
  return said.every((score, index) => index === 0 || score >= said[index - 1]!);
}

const priceForm = /^[A-Z]{3} \d{1,7}(?:\.\d{1,6})?$/;

const price = v.pipe(
  v.string(),
  v.regex(priceForm, 'a price such as "USD 0.01"'),
  v.check(
    (text) => !priceForm.test(text) || /[1-9]/.test(text),
    'a price above 0; who is served for nothing has "allow"',
  ),
);

const accessSchema = v.union(
  [v.picklist(["allow", "verified", "block", "402"]), table({ price })],
  '"allow", "verified", "block", "402" or { price = "USD 0.01" }',
);

/** Of a site. */
export const aiSchema = table({
  search: about(v.exactOptional(accessSchema), "Those that index for the answers of an assistant."),
  agents: about(v.exactOptional(accessSchema), "Those that fetch because the user of an assistant asked just now."),
  training: about(v.exactOptional(accessSchema), "Those that gather what models are trained on."),
  robots: about(v.exactOptional(v.boolean(), true), "Write the same into the site's robots.txt."),
  monitor,
});

const token = v.pipe(
  v.string(),
  v.regex(tokenForm, 'a product token such as "GPTBot", with letters or digits at both ends'),
  v.check(
    (text) => !tokenForm.test(text) || !isFoundIn(text, usual),
    "a product token of bots alone: browsers have this word in their User-Agents",
  ),
);

/** Tokens of bots, by kind. */
export const botsSchema = about(
  v.array(token),
  'Product tokens; one that begins with "^" counts at the beginning alone.',
);

/** The kinds that have tokens. */
export const botKind = v.picklist(namedKinds);
