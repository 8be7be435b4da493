/** Which visits are of one client, as far as that is known without a name for it, and which of them count. */
import type { Experiment } from "../config/experiments.ts";
import type { Edge } from "../edge.ts";
import { hashOf } from "../http/hash.ts";
import { groupOf } from "../http/ip-form.ts";
import type { Assignment, Clean, Sited } from "../visit.ts";

/** As many clients can share an address, or a network, at a time: whoever is there can pass for no more of them. */
const mostTogether = 16;

/** The same for all visits of a client; others may have it too. It is for comparing within seconds, and never leaves the isolate. */
export function clientKey({ client, fields }: Sited, { config }: Edge): string {
  const browser = hashOf(fields.get("user-agent") ?? "") % mostTogether;
  return `${browser} ${groupOf(client.ip, config.settings.group)}`;
}

/**
 * Whether what the client does by this visit counts in the experiment, be it that it sees a variant or that it reaches a goal: not
 * what is fetched in case somebody wants it, or without its content; nor what bots and testers do.
 */
export function isCounted(visit: Clean, { bots }: Experiment): boolean {
  const { method, fields, kind, testing, included } = visit;
  // Nobody would get a fragment's cookie: what clients do is counted by the page's own visit.
  if (included || method === "HEAD" || fields.has("sec-purpose")) return false;
  return (bots || kind === "person") && !testing;
}

/** Whether it is what it was dealt: what is seen because the guard took something else away counts for nothing. */
export function seesItsOwn({ how }: Assignment): boolean {
  return how !== "guard";
}

/** Whether a browser goes to a page (Fetch Metadata). Programs seldom say so, and a browser says it of one request at a time. */
export function isNavigation({ fields }: Sited): boolean {
  return fields.get("sec-fetch-mode") === "navigate" && fields.get("sec-fetch-dest") === "document";
}

/** Whether a page of this origin sent it. Browsers say so in either field, and let no page write them. */
export function isFromOwnPage({ fields, url }: Sited): boolean {
  const site = fields.get("sec-fetch-site");
  return site === undefined ? fields.get("origin") === `${url.protocol}//${url.host}` : site === "same-origin";
}
