/** What a rule may say of the hints that go before a page. */
import * as v from "valibot";
import { whole } from "../forms.ts";
import { about, table } from "./parts.ts";

const fields = table({
  most: about(v.exactOptional(whole(1, 50), 10), "How many links an answer gets at most."),
  preconnect: about(v.exactOptional(v.boolean(), true), "Also those of `<link rel=preconnect>`."),
});

export const preloadSchema = v.pipe(
  v.union([v.literal(true), fields], "true or a table { most, preconnect }"),
  v.transform((said) => (said === true ? v.parse(fields, {}) : said)),
);
