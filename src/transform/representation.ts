/** What holds of an answer's fields when its bytes are no longer those the origin sent. */
import { discard, type Answer } from "../answer.ts";
import type { Fields } from "../http/fields.ts";
import { weaken } from "../http/etag.ts";
import { parseContentLength } from "../http/range.ts";

/** Statements about the exact bytes: their number, their digests, and that they can be had in parts. */
const ofTheBytes = [
  "content-length",
  "content-md5",
  "digest",
  "content-digest",
  "repr-digest",
  "accept-ranges",
] as const;

/**
 * The same content in other bytes, in place: what was said of the bytes goes, and the entity tag becomes weak, because
 * it still names the content but no longer the bytes (RFC 9110 §8.8.1).
 */
export function markChanged(fields: Fields): void {
  for (const name of ofTheBytes) fields.delete(name);
  const etag = fields.get("etag");
  if (etag !== undefined) fields.set("etag", weaken(etag));
}

/** Bytes of the body as they will be sent; undefined when that isn't known. */
export function bodyLength({ body, fields }: Answer): number | undefined {
  if (body instanceof Uint8Array) return body.byteLength;
  if (typeof body === "string") return new TextEncoder().encode(body).byteLength;
  return parseContentLength(fields.get("content-length"));
}

/** An answer before a range was cut from it. */
export interface Whole extends Pick<Answer, "status"> {
  /** Bytes of its body, where they are known. */
  readonly length: number | undefined;
}

export function wholeOf(answer: Answer): Whole {
  return { status: answer.status, length: bodyLength(answer) };
}

/** The answer without its body. What was still to come of it is given up, so that it holds no connection. */
export function withoutBody(answer: Answer): Answer {
  discard(answer.body);
  return { ...answer, body: null };
}

/** The answer with a body of the same bytes, to read in another way: what is kept beside the stored answer still belongs to it. */
export function withSame(answer: Answer, body: Answer["body"]): Answer {
  const { kept } = answer;
  return { ...answer, body, ...(kept?.body === answer.body && { kept: { ...kept, body } }) };
}
