/** How much a request may carry before anything else is asked about it. */
import type { Settings } from "../config/model.ts";
import type { Fields } from "../http/fields.ts";
import type { Reason } from "../reasons.ts";
import type { Visit } from "../visit.ts";

/** Which limit the request is over: of its URL (RFC 9110 §15.5.15) or of its header fields (RFC 6585 §5). */
export function overLimit({ url, fields }: Visit, limits: Settings["limits"]): Reason | undefined {
  if (url.href.length > limits.url) return "url-too-long";
  if (fields.size > limits.fields) return "too-many-fields";
  if (bytesOf(fields) > limits.fieldBytes) return "fields-too-large";
  return undefined;
}

/** `: ` and the line's end. */
const bytesBesides = 4;

/** As HTTP/1.1 writes them (RFC 9112 §5), with one byte for every character: those beyond ASCII are rare and obsolete. */
function bytesOf(fields: Fields): number {
  let bytes = 0;
  for (const [name, value] of fields.asMap()) bytes += name.length + value.length + bytesBesides;
  for (const line of fields.cookies) bytes += "set-cookie".length + line.length + bytesBesides;
  return bytes;
}
