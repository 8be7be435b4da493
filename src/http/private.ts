/** Answers that are one client's alone. */
import { parseDirectives, type Directives } from "./directives.ts";
import type { Fields } from "./fields.ts";
import { hasTargeted, withdrawTargeted } from "./targeted.ts";

/**
 * Says, in place, that no cache between here and the client may hand the answer to others, whatever it was to do with it
 * (RFC 9111 §5.2.2.7): where directives contradict each other, the stricter one counts (§4.2.1). A `private` that names fields is
 * about those alone; so the one about all of the answer goes before it, for caches that take the first.
 */
export function markPrivate(fields: Fields): void {
  const control = fields.get("cache-control");
  const directives = parseDirectives(control);
  if (directives.get("private")) fields.set("cache-control", `private, ${control}`);
  else if (!directives.has("private") && !forbidsStoring(directives)) fields.append("cache-control", "private");
  withdrawTargeted(fields);
}

/** Whether no cache may keep the answer, none of those either that are told something else. */
export function isForNobody(fields: Fields): boolean {
  return forbidsStoring(parseDirectives(fields.get("cache-control"))) && !hasTargeted(fields);
}

/** With `must-understand`, a cache that knows the status ignores `no-store` (RFC 9111 §5.2.2.3). */
function forbidsStoring(directives: Directives): boolean {
  return directives.has("no-store") && !directives.has("must-understand");
}
