/** What may be written in the config: every field with its form, its default, and what it is for. */
import * as v from "valibot";
import { createLanguage } from "../rules/rules.ts";
import { host, member, originName, originUrl, place, words } from "./forms.ts";
import { about, nameOf, oneOrMore, table, type Known } from "./schema/parts.ts";
import { policySchema } from "./schema/policy.ts";
import { ruleSchema } from "./schema/rule.ts";
import { settingsSchema } from "./schema/settings.ts";

export { ruleSchema, settingsSchema };

export type OriginInput = v.InferOutput<typeof originSchema>;
export type SiteInput = v.InferOutput<ReturnType<typeof siteSchema>>;

export const originSchema = table({
  name: about(originName, "What rules, sites and the log call it. The client sees it only with the setting `trail`."),
  url: about(originUrl, "Where it is: http or https, host, port, and a path that is put before every request's."),
  at: about(
    v.exactOptional(place),
    "Where on Earth it stands: [latitude, longitude] in degrees, or the code of a country. Without it, it is tried after those whose place is known.",
  ),
});

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
    cache: about(
      v.exactOptional(policySchema),
      "What the cache does unless a rule says otherwise. false keeps it out.",
    ),
  });
}

/** For tools: what each binding holds, with names of other parts unchecked. */
export function bindingSchemas() {
  const known: Known = {
    language: createLanguage(new Map()),
    origins: undefined,
    sites: undefined,
    limiters: undefined,
  };
  return {
    ORIGINS: about(oneOrMore(originSchema), "Your servers."),
    SITES: about(oneOrMore(siteSchema(known)), "Hosts served under one set of rules."),
    RULES: about(v.array(ruleSchema(known)), "When a condition holds, what then happens; asked in this order."),
    LISTS: about(
      v.record(v.string(), v.array(member)),
      "Named sets of addresses, prefixes, AS numbers and texts such as country codes, for inList().",
    ),
    SETTINGS: about(settingsSchema, "What is the same for all sites."),
  };
}
