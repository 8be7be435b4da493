/** What a HEAD tells of the stored answer to GET (RFC 9111 §4.3.5). */
import type { Answer } from "../answer.ts";
import { parseContentLength } from "../http/range.ts";
import type { Found } from "./lookup.ts";

/**
 * Whether the answer to a HEAD speaks of the answer that is stored: every validator that it has is the stored one's, and
 * its length, when it tells one. Then its fields are the newer ones; otherwise what is stored no longer holds.
 */
export function speaksOf(head: Answer, { stored, length }: Found): boolean {
  const sameValidators = ["etag", "last-modified"].every((name) => {
    const received = head.fields.get(name);
    return received === undefined || received === stored.fields.get(name);
  });
  const said = parseContentLength(head.fields.get("content-length"));
  const had = parseContentLength(stored.fields.get("content-length")) ?? length;
  return head.status === stored.status && sameValidators && (said === undefined || said === had);
}
