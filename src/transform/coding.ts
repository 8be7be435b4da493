/** Content codings (RFC 9110 §8.4.1) that an answer came in, and how they are undone on the way. */
import { createBrotliDecompress, createGunzip, createInflate, createZstdDecompress } from "node:zlib";
import type { Answer, Body } from "../answer.ts";
import { EdgeError } from "../error.ts";
import { canonicalCoding } from "../http/accept.ts";
import type { Fields } from "../http/fields.ts";
import { comeAtOnce, longestShort } from "../http/at-once.ts";
import { readWhole } from "../http/stream.ts";
import { through, type Coder } from "./coder.ts";
import { bodyLength, markChanged } from "./representation.ts";

const decoders: Readonly<Record<string, () => Coder>> = {
  gzip: createGunzip,
  br: createBrotliDecompress,
  zstd: createZstdDecompress,
  deflate: createInflate,
};

/** As many on top of each other are undone: nobody means more, and each may make a thousand bytes of one. */
const most = 3;

/** The codings of an answer in lower case, in the order in which they were put on top of each other; none for plain bytes. */
export function codingsOf(fields: Fields): readonly string[] {
  const value = fields.get("content-encoding");
  if (value === undefined) return [];
  return value
    .split(",")
    .map(canonicalCoding)
    .filter((coding) => coding !== "" && coding !== "identity");
}

/** Whether the edge can undo all of them; there may be none. */
export function canDecode(codings: readonly string[]): boolean {
  return codings.length <= most && codings.every((coding) => Object.hasOwn(decoders, coding));
}

/**
 * The answer without its codings, which {@link canDecode}; the same when it has none. Without a body, its fields are those that
 * one would have.
 * @throws EdgeError when the body isn't in those codings, or ends too early, and that shows at once: the client can still be told.
 */
export async function decode(answer: Answer): Promise<Answer> {
  const codings = codingsOf(answer.fields);
  if (codings.length === 0) return answer;
  // Many servers say so of empty bodies, too.
  const isEmpty = bodyLength(answer) === 0;
  answer.fields.delete("content-encoding");
  markChanged(answer.fields);
  if (answer.body === null || isEmpty) return answer;
  return { ...answer, body: await begun(undo(toStream(answer.body), codings)) };
}

/** The body without these codings, each of which {@link canDecode}; it fails where it isn't in them, or ends too early. */
export function undo(body: ReadableStream<Uint8Array>, codings: readonly string[]): ReadableStream<Uint8Array> {
  return codings.reduceRight((stream, coding) => through(stream, decoders[coding]!()), body);
}

/** The body, once as much of it is here as may be held, or comes at once: what is short and broken is no content at all. */
async function begun(body: ReadableStream<Uint8Array>): Promise<ReadableStream<Uint8Array>> {
  const come = await comeAtOnce(body, longestShort);
  if (come.kind === "whole") return toStream(come.bytes);
  if (come.kind === "more") return come.body;
  const cause = await readWhole(come.body, longestShort).catch((error: unknown) => error);
  throw new EdgeError("origin", "bad-upstream-answer", "its body can't be decoded", { cause });
}

function toStream(body: Exclude<Body, null>): ReadableStream<Uint8Array> {
  return body instanceof ReadableStream ? body : new Response(body).body!;
}
