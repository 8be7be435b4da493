/** What may be said of a site. */
import * as v from "valibot";
import { host, words } from "../forms.ts";
import { askingFields } from "./asking.ts";
import { about, nameOf, oneOrMore, table, type Known } from "./parts.ts";
import { policySchema } from "./policy.ts";

export type SiteInput = v.InferOutput<ReturnType<typeof siteSchema>>;

export function siteSchema({ origins }: Pick<Known, "origins">) {
  return table({
    name: about(v.exactOptional(words), "What rules and the log call it. Its first host unless set."),
    hosts: about(
      oneOrMore(host),
      'Its hosts: "www.example.com", "*.example.com" for every name below, "*" for all others.',
    ),
    origins: about(
      v.exactOptional(oneOrMore(nameOf("the name of an origin", origins))),
      "The origins that may serve it, by name. All of them unless set.",
    ),
    balance: about(
      v.exactOptional(v.picklist(["nearest", "first"]), "nearest"),
      '"nearest": the origin nearest to the client, then the next nearest. "first": in the order written.',
    ),
    ...askingFields,
    cache: about(
      v.exactOptional(policySchema),
      "What the cache does unless a rule says otherwise. false keeps it out.",
    ),
  });
}
