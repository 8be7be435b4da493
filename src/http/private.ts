/** Answers that are one client's alone. */
import type { Fields } from "./fields.ts";

/**
 * Says, in place, that no cache between here and the client may hand the answer to others, whatever it was to do with it
 * (RFC 9111 §5.2.2.7): where directives contradict each other, the stricter one counts (§4.2.1).
 */
export function markPrivate(fields: Fields): void {
  if (!/\b(?:private|no-store)\b/i.test(fields.get("cache-control") ?? "")) fields.append("cache-control", "private");
  fields.delete("cdn-cache-control");
}
