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

/** Of a UTF-16 code unit in UTF-8. */
const mostBytes = 3;

/** One of them, or all together, as HTTP/1.1 writes them (RFC 9112 §5), with what is beyond ASCII in UTF-8. */
function areTooLarge(fields: Fields, limits: Settings["limits"]): boolean {
  // Most come nowhere near the limits, whatever their characters.
  const [longest, all] = sizesOf(fields, ({ length }) => length * mostBytes);
  if (longest <= limits.field && all <= limits.fieldBytes) return false;
  const [largest, together] = sizesOf(fields, (value) => utf8.encode(value).length);
  return largest > limits.field || together > limits.fieldBytes;
}

const utf8 = new TextEncoder();

/** Of the largest, and of all. */
function sizesOf(fields: Fields, sizeOf: (value: string) => number): readonly [largest: number, all: number] {
  let [largest, all] = [0, 0];
  const add = (name: string, value: string): void => {
    const bytes = name.length + sizeOf(value) + bytesBesides;
    largest = Math.max(largest, bytes);
    all += bytes;
  };
  for (const [name, value] of fields.asMap()) add(name, value);
  for (const line of fields.cookies) add("set-cookie", line);
  return [largest, all];
}
