/** Clients that come back to the origin that they had: by a cookie, which says which one it is to nobody but the edge. */
import type { Answer } from "../../answer.ts";
import type { Origin } from "../../config/upstream.ts";
import type { Edge } from "../../edge.ts";
import { markPrivate } from "../../http/private.ts";
import { ownCookie } from "../../http/set-cookie.ts";
import type { Planned } from "../../visit.ts";

/** The binding of the key. */
const secret = "SIGNING_KEY";

/** Characters of base64url, six bits each: as many as can't be guessed. */
const length = 24;

/**
 * The origin that the client's cookie stands for, the first of its cookies that stands for any; undefined when there is none,
 * or it isn't in the pool (any longer). The origin may be drained: its clients keep it.
 */
export async function stickyOrigin(visit: Planned, edge: Edge): Promise<Origin | undefined> {
  const { tickets, pool, trail } = visit;
  if (!tickets) return undefined;
  const wanted = new Set(tickets);
  const byTicket = new Map<string, Origin>();
  for (const origin of pool) {
    const ticket = await ticketFor(origin.name, edge);
    if (ticket === tickets[0]) return origin;
    if (ticket !== undefined && wanted.has(ticket)) byTicket.set(ticket, origin);
  }
  const known = tickets.find((ticket) => byTicket.has(ticket));
  if (known === undefined) trail.note("origin", "sticky:unknown");
  return known === undefined ? undefined : byTicket.get(known);
}

/**
 * The answer with a cookie, when the client has none for the origin that gave it. Only answers that are this client's alone
 * get one: what is in the store, or goes there, has to do for everybody, and no origin in particular.
 */
export async function stick(visit: Planned, answer: Answer, edge: Edge): Promise<Answer> {
  const { sticky } = visit.site;
  if (!sticky || answer.origin === undefined || answer.webSocket || !isWorthIt(answer)) return answer;
  const ticket = await ticketFor(answer.origin, edge);
  if (ticket === undefined) visit.trail.note("origin", "sticky:no-key");
  if (ticket === undefined || visit.tickets?.includes(ticket)) return answer;
  const { cookie: name, for: lasts } = sticky;
  const { protocol } = visit.url;
  answer.fields.append("set-cookie", ownCookie({ name, value: ticket, lasts, protocol }));
  markPrivate(answer.fields);
  return answer;
}

/** Not an origin's failure; nor was it stored, or came by way of a shield, which many locations share. */
function isWorthIt({ status, cache }: Answer): boolean {
  return status < 500 && cache?.stored === undefined && cache?.parent === undefined;
}

/** What stands for the origin: a keyed hash, which is its own proof, because who has no key can make none. */
async function ticketFor(name: string, edge: Edge): Promise<string | undefined> {
  return (await edge.mac(secret, `sticky ${name}`))?.slice(0, length);
}
