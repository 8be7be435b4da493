/** How much a request may carry before anything else is asked about it. */
import type { Settings } from "../config/model.ts";
import type { Fields } from "../http/fields.ts";
import type { Reason } from "../reasons.ts";
import type { Visit } from "../visit.ts";

/** Which limit the request is over: of its URL (RFC 9110 §15.5.15) or of its header fields (RFC 6585 §5). */
export function overLimit({ url, fields }: Visit, limits: Settings["limits"]): Reason | undefined {
  if (url.href.length > limits.url) return "url-too-long";
  if (fields.size > limits.fields) return "too-many-fields";
  return areTooLarge(fields, limits) ? "fields-too-large" : undefined;
}

/** `: ` and the line's end. */
const bytesBesides = 4;

/**
 * One of them, or all together, as HTTP/1.1 writes them (RFC 9112 §5), with one byte for every character: those beyond
 * ASCII are rare and obsolete.
 */
function areTooLarge(fields: Fields, { field, fieldBytes }: Settings["limits"]): boolean {
  let all = 0;
  const count = (name: string, { length }: string): boolean => {
    const bytes = name.length + length + bytesBesides;
    all += bytes;
    return bytes > field || all > fieldBytes;
  };
  for (const [name, value] of fields.asMap()) if (count(name, value)) return true;
  return fields.cookies.some((line) => count("set-cookie", line));
}
