/** Which bodies the edge may change. */
import { hasDirective } from "../http/directives.ts";
import type { Fields } from "../http/fields.ts";
import { parameter } from "../http/media-type.ts";
import { canDecode, codingsOf } from "./coding.ts";

const readable: ReadonlySet<string> = new Set(["utf-8", "utf8", "us-ascii"]);

/**
 * Whether a body may be changed, and can be without damage: in UTF-8, in codings that can be undone, and its origin lets others
 * change it (RFC 9110 §7.7).
 */
export function isOpen(fields: Fields): boolean {
  const charset = parameter(fields.get("content-type"), "charset")?.toLowerCase() ?? "utf-8";
  return isReadable(charset) && isChangeable(fields);
}

/** Whether its bytes can be had in no coding, and its origin lets others change them. */
export function isChangeable(fields: Fields): boolean {
  return canDecode(codingsOf(fields)) && !forbidsTransform(fields);
}

/** RFC 9111 §5.2.2.6. */
export function forbidsTransform(fields: Fields): boolean {
  return hasDirective(fields.get("cache-control"), "no-transform");
}

/** Whether text in that encoding, named in lower case, is read as UTF-8 without damage. */
export function isReadable(charset: string): boolean {
  return readable.has(charset);
}
