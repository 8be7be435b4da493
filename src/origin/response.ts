/** What an origin's response is let in as. */
import { discard, type Answer } from "../answer.ts";
import { Fields } from "../http/fields.ts";
import { dropHopByHop } from "../http/hop-by-hop.ts";
import { withoutContent } from "../http/status.ts";

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
  // No length of what they don't have (RFC 9110 §8.6, §15.3.6): it would be waited for. That of a 304 is the 200's.
  if (withoutContent.has(status) && status !== 304) fields.delete("content-length");
  const answer: Answer = { status, fields, body: bodiless ? null : response.body, origin };
  return webSocket ? { ...answer, webSocket } : answer;
}
