/** What an origin's response is let in as. */
import type { Answer, Body } from "../answer.ts";
import { Fields } from "../http/fields.ts";
import { dropHopByHop } from "../http/hop-by-hop.ts";

/**
 * The answer, its body still the origin's own stream and encoded as the origin encoded it.
 * @returns undefined when the status is none that can be passed on: outside 200–599, or a switch to a protocol that
 * nobody asked for.
 */
export function toAnswer(response: Response, origin: string, method: string): Answer | undefined {
  const { status, webSocket } = response;
  if (webSocket ? status !== 101 : status < 200 || status > 599) return undefined;
  const fields = Fields.from(response.headers);
  dropHopByHop(fields);
  const bodiless = method === "HEAD" || withoutContent.has(status);
  if (bodiless) discard(response.body);
  const answer: Answer = { status, fields, body: bodiless ? null : response.body, origin };
  return webSocket ? { ...answer, webSocket } : answer;
}

/** Lets the connection go: an unread body would hold it. */
export function discard(body: Body): void {
  // It may have failed already, and nobody waits for it.
  if (body instanceof ReadableStream) body.cancel().catch(() => {});
}

/** Statuses whose answers have no content (RFC 9110 §15.2, §15.3.5, §15.3.6, §15.4.5). */
const withoutContent: ReadonlySet<number> = new Set([101, 204, 205, 304]);
