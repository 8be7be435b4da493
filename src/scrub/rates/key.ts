/** What is counted under. */
import { hashOf } from "../../http/hash.ts";

/** Characters of a text that is counted under as it is. */
const longest = 100;

/** As much of a longer one stands before its hash. */
const shown = 40;

/**
 * A limit's own key for a text, of bounded length whatever a client sends. A long text becomes its beginning and 64 bits of
 * hash: who wants to be counted as somebody else has to know that one's text, and could send it as it is.
 */
export function keyOf(limit: string, text: string): string {
  if (text.length <= longest) return `${limit} ${text}`;
  const hash = hashOf(text).toString(36) + hashOf(`${text.length} ${text}`).toString(36);
  return `${limit} ${text.slice(0, shown)}…${hash}`;
}
