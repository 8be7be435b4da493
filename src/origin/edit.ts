/** Edits of a request's fields, as rules and the cache write them. */
import type { HeaderEdits, Text } from "../config/model.ts";
import type { Fields } from "../http/fields.ts";
import type { Identified } from "../visit.ts";

/**
 * Removes, sets, adds, in this order. A field that HTTP doesn't allow is left out and noted on the trail, because its
 * value may come from the request: one client's odd query must not end in an error, nor in a field of its own making.
 */
export function applyEdits(fields: Fields, edits: HeaderEdits, visit: Identified): void {
  for (const name of edits.remove) if (isEditable(name)) fields.delete(name);
  for (const edit of edits.set) write(edit, visit, (name, value) => fields.set(name, value));
  for (const edit of edits.add) write(edit, visit, (name, value) => fields.append(name, value));
}

function write(
  [name, text]: readonly [string, Text],
  visit: Identified,
  put: (name: string, value: string) => void,
): void {
  const value = text(visit).trim();
  if (isEditable(name) && fieldValue.test(value)) put(name, value);
  else visit.trail.note("origin", fieldName.test(name) ? `skipped:${name.replace(notInTrail, "*")}` : "skipped");
}

/** RFC 9110 §5.1. */
const fieldName = /^[!#$%&'*+\-.^_`|~\w]+$/;
/** RFC 9110 §5.5, where the platform sends what is beyond ASCII as UTF-8. */
const fieldValue = /^[^\x00-\x08\x0a-\x1f\x7f]*$/;
const notInTrail = /[^\w.+*-]/g;

/** Not for rules: they frame the message, choose the server, or guard against loops (RFC 8586 §2). */
const reserved: ReadonlySet<string> = new Set([
  ...["cdn-loop", "connection", "content-length", "expect", "host", "keep-alive", "proxy-connection", "te", "trailer"],
  ...["transfer-encoding", "upgrade", "via"],
]);

function isEditable(name: string): boolean {
  return fieldName.test(name) && !reserved.has(name);
}
