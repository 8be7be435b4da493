/** What a location says to its shield, and the shield to it. */
import type { Answer } from "../answer.ts";
import type { HeaderEdits } from "../config/model.ts";
import type { EdgeError } from "../error.ts";
import { visitedAddress } from "../http/address.ts";
import { editFields } from "../http/edit.ts";
import { Fields } from "../http/fields.ts";
import type { Asked, Terms, Told, ToldAnswer } from "../hop.ts";
import { Trail } from "../trail.ts";
import type { Planned, Visit } from "../visit.ts";

const nothing: ReadonlySet<string> = new Set();

/** The visit as the location's cache asks: with its own conditions in place of the client's. */
export function toAsked(visit: Planned, edits: HeaderEdits, { purged, fresherThan }: Terms): Omit<Asked, "region"> {
  const { id, method, url, client, bot, kind, proof, tickets, experiments, visitedCookies } = visit;
  const fields = visit.fields.copy();
  if (visitedCookies !== undefined) fields.set("cookie", visitedCookies);
  editFields(fields, edits, { subject: visit, reserved: nothing });
  if (fresherThan !== undefined) fields.append("cache-control", `min-fresh=${secondsAbove(fresherThan)}`);
  const who = { bot, kind, proof };
  return { id, method, url: url.href, fields: fields.toJSON(), client, who, tickets, experiments, purged };
}

/** Whole seconds beyond so many milliseconds (RFC 9111 §5.2.1.3); 0 is enough where what there is, is stale. */
function secondsAbove(milliseconds: number): number {
  return Math.max(0, Math.floor(milliseconds / 1000) + 1);
}

/** The same visit, at the shield; it has no body, and its client can't leave. */
export function toVisit({ id, method, url, fields, client }: Asked, now: number): Visit {
  return {
    id,
    method,
    url: visitedAddress(url)!,
    fields: Fields.fromJSON(fields),
    request: new Request(url, { method }),
    client,
    startedAt: now,
    trail: new Trail(),
  };
}

/** An answer that no origin was asked for earlier was asked for during the visit: no mark of before it covers that. */
export function toTold({ startedAt, trail }: Visit, answer: Answer): Told {
  const { status, fields, body, askedAt = startedAt, origin, cache } = answer;
  return { kind: "answer", status, fields: fields.toJSON(), body, askedAt, origin, cache, trail: trail.steps };
}

/** The failure of an origin, or the request's own. */
export function toToldFailure({ trail }: Visit, { source, because, message }: EdgeError): Told {
  return { kind: "failed", source, because, detail: message, trail: trail.steps };
}

export function toAnswer({ status, fields, body, askedAt, origin, cache }: ToldAnswer): Answer {
  return {
    status,
    fields: Fields.fromJSON(fields),
    body,
    askedAt,
    ...(origin !== undefined && { origin }),
    ...(cache && { cache }),
  };
}
