/** What may be said of a site. */
import * as v from "valibot";
import { host, methodName, originName, words } from "../forms.ts";
import { askingFields } from "./asking.ts";
import { aiSchema, thresholdsSchema } from "./bots.ts";
import { balanceSchema, stickySchema } from "./balance.ts";
import { about, distinct, nameOf, oneOrMore, table, type Known } from "./parts.ts";
import { policySchema } from "./policy.ts";

export type SiteInput = v.InferOutput<ReturnType<typeof siteSchema>>;

const usualMethods = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"];

export function siteSchema(known: Known) {
  return table({
    name: about(v.exactOptional(words), "What rules and the log call it. Its first host unless set."),
    hosts: about(
      oneOrMore(host),
      'Its hosts: "www.example.com", "*.example.com" for every name below, "*" for all others.',
    ),
    origins: about(
      v.exactOptional(distinct(nameOf("the name of an origin", known.origins))),
      "The origins that may serve it, by name. All of them unless set, or all in its regions.",
    ),
    balance: about(
      v.exactOptional(balanceSchema(known), "nearest"),
      "By what the origins are ordered, the first of which is asked, and the next when it fails.",
    ),
    https: about(
      v.exactOptional(v.boolean(), false),
      "Send who comes by http to https: 301 for GET and HEAD, 308 for all others.",
    ),
    regions: about(
      v.exactOptional(distinct(originName)),
      "The regions it is kept to: no origin outside them is ever asked, also when all inside fail.",
    ),
    sticky: about(
      v.exactOptional(stickySchema),
      'How long a client comes back to the origin that it had: "1h", or { for, cookie }. Needs the secret SIGNING_KEY.',
    ),
    methods: about(
      v.exactOptional(oneOrMore(methodName), usualMethods),
      "The methods it may be asked with; all others get 405.",
    ),
    paths: about(
      v.exactOptional(v.picklist(["usual", "strict"]), "usual"),
      'Which paths it takes: "strict" refuses those that not all servers read alike, such as "//a", "/a%2Fb" and "/a;b".',
    ),
    ...askingFields,
    bots: about(
      v.exactOptional(thresholdsSchema),
      "From which score on a visit is logged, challenged or refused: { log = 30, challenge = 60, block = 90 }.",
    ),
    ai: about(
      v.exactOptional(aiSchema),
      'Which bots of AI are served, also in robots.txt: { search = "allow", agents = "verified", training = "402" }.',
    ),
    cache: about(
      v.exactOptional(policySchema),
      "What the cache does unless a rule says otherwise. false keeps it out.",
    ),
  });
}
