/** Which bodies the edge may change. */
import { hasDirective } from "../http/directives.ts";
import type { Fields } from "../http/fields.ts";
import { parameter } from "../http/media-type.ts";
import { canDecode, codingOf } from "./coding.ts";

const readable: ReadonlySet<string> = new Set(["utf-8", "utf8", "us-ascii"]);

/**
 * Whether a body may be changed, and can be without damage: in UTF-8, in a coding that can be undone, and its origin lets others
 * change it (RFC 9110 §7.7).
 */
export function isOpen(fields: Fields): boolean {
  const charset = parameter(fields.get("content-type"), "charset")?.toLowerCase() ?? "utf-8";
  const coding = codingOf(fields);
  const isForbidden = hasDirective(fields.get("cache-control"), "no-transform");
  return readable.has(charset) && (coding === "" || canDecode(coding)) && !isForbidden;
}
