/** What may be written in the config: every field with its form, its default, and what it is for. */
import * as v from "valibot";
import { createLanguage } from "../rules/rules.ts";
import { namedKinds } from "../bots/kinds.ts";
import { botsSchema } from "./schema/bots.ts";
import { experimentSchema } from "./schema/experiment.ts";
import { listSchema } from "./schema/list.ts";
import { originSchema } from "./schema/origin.ts";
import { about, oneOrMore, table, type Known } from "./schema/parts.ts";
import { redirectSchema } from "./schema/redirects.ts";
import { ruleSchema } from "./schema/rule.ts";
import { settingsSchema } from "./schema/settings.ts";
import { siteSchema } from "./schema/site.ts";

/** For tools: what each binding holds, with names of other parts unchecked. */
export function bindingSchemas() {
  const known: Known = {
    language: createLanguage(new Map()),
    origins: undefined,
    sites: undefined,
    limiters: undefined,
    fetchers: undefined,
    secrets: undefined,
  };
  return {
    ORIGINS: about(oneOrMore(originSchema(known)), "Your servers."),
    SITES: about(oneOrMore(siteSchema(known)), "Hosts served under one set of rules."),
    RULES: about(v.array(ruleSchema(known)), "When a condition holds, what then happens; asked in this order."),
    REDIRECTS: about(
      v.array(redirectSchema({ namespaces: undefined, buckets: undefined })),
      "Redirects in bulk, each one or a file with many; what says more counts, in whatever order.",
    ),
    EXPERIMENTS: about(
      v.array(experimentSchema(known)),
      "Clients see one of several variants each; what these do follows the rules, in this order.",
    ),
    LISTS: about(
      v.record(v.string(), listSchema({ namespaces: undefined, buckets: undefined })),
      "Named sets of addresses, prefixes, AS numbers and texts such as country codes, for inList().",
    ),
    BOTS: about(
      table(Object.fromEntries(namedKinds.map((kind) => [kind, v.exactOptional(botsSchema)]))),
      "Bots besides those that the edge knows: product tokens by kind.",
    ),
    SETTINGS: about(settingsSchema, "What is the same for all sites."),
  };
}
