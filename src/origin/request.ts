/** What is sent to an origin. */
import type { HeaderEdits } from "../config/model.ts";
import { EdgeError } from "../error.ts";
import { asksForEvents, normalAcceptEncoding } from "../http/accept.ts";
import { hasPassed } from "../http/cdn-loop.ts";
import { dropClaims } from "../http/claims.ts";
import { editFields } from "../http/edit.ts";
import type { Fields } from "../http/fields.ts";
import { setForwarded } from "../http/forwarded.ts";
import { dropHopByHop } from "../http/hop-by-hop.ts";
import { tokenOf } from "../trail.ts";
import type { Client, Planned } from "../visit.ts";

/**
 * The visit's fields as every origin of the pool gets them; `Host` is not among them, it follows from the origin's URL.
 * @param edits the cache's, applied after the rules'.
 * @param name what the edge calls itself in Via and CDN-Loop.
 */
export function requestFields(visit: Planned, edits: HeaderEdits, name: string): Fields {
  const fields = visit.fields.copy();
  const upgrade = isWebSocket(visit);
  dropHopByHop(fields);
  dropClaims(fields);
  for (const field of platformMakes) fields.delete(field);
  if (upgrade) fields.set("upgrade", "websocket");

  setForwarded(fields, { ip: visit.client.ip, url: visit.url });
  fields.delete("surrogate-capability");
  if (visit.shapes.some(({ kind }) => kind === "esi")) fields.set("surrogate-capability", `${name}="ESI/1.0"`);
  fields.set("accept-encoding", normalAcceptEncoding(visit.fields.get("accept-encoding")));
  for (const some of [...visit.requestEdits, edits]) {
    const skipped = editFields(fields, some, { subject: visit, reserved });
    for (const field of skipped) visit.trail.note("origin", `skipped:${tokenOf(field)}`);
  }
  fields.append("via", `${received(visit.client)} ${name}`);
  fields.append("cdn-loop", name);
  return fields;
}

/** @throws EdgeError when the request has been here before (RFC 8586): sent on, it would come back for ever. */
export function refuseLoop({ fields }: Planned, name: string): void {
  if (hasPassed(fields.get("cdn-loop"), name)) {
    throw new EdgeError("client", "loop", `CDN-Loop names ${name}: an origin's address leads back here`);
  }
}

/** Whether doing it twice is like doing it once (RFC 9110 §9.2.2). */
export function isIdempotent({ method }: Planned): boolean {
  return idempotentMethods.has(method);
}

/** The platform gives a body to every request with a Content-Length, be it 0. */
export function hasContent({ fields, request }: Planned): boolean {
  return request.body !== null && fields.get("content-length") !== "0";
}

/**
 * Whether how long its answer's header takes tells nothing of the origin: content takes its own time on the way, and who asks for
 * events may be told nothing before the first.
 */
export function takesItsTime(visit: Planned): boolean {
  return hasContent(visit) || asksForEvents(visit.fields.get("accept"));
}

const idempotentMethods: ReadonlySet<string> = new Set(["GET", "HEAD", "OPTIONS", "PUT", "DELETE"]);

/**
 * Made by the platform for each connection: the address, the length of what is sent, the handshake of a WebSocket; and
 * Expect, which it has already answered with 100 (RFC 9110 §10.1.1).
 */
const platformMakes = ["host", "content-length", "expect", "sec-websocket-key", "sec-websocket-version"] as const;

/** Not for rules: they frame the message, choose the server, or guard against loops (RFC 8586 §2). */
const reserved: ReadonlySet<string> = new Set([
  "cdn-loop",
  "connection",
  "content-length",
  "expect",
  "host",
  "keep-alive",
  "proxy-connection",
  "te",
  "trailer",
  "transfer-encoding",
  "upgrade",
  "via",
]);

/** An opening handshake (RFC 6455 §4.1). */
function isWebSocket({ method, fields }: Planned): boolean {
  return method === "GET" && fields.get("upgrade")?.toLowerCase() === "websocket";
}

/** The version of HTTP by which the request came, as Via wants it (RFC 9110 §7.6.3). */
function received({ http }: Client): string {
  return /^HTTP\/([\d.]+)$/.exec(http ?? "")?.[1] ?? "1.1";
}
