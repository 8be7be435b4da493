/** Content codings for this client: chosen, made, or undone (RFC 9110 §8.4, §12.5.3). */
import type { Answer } from "../answer.ts";
import type { Compression } from "../config/model.ts";
import { acceptance, parseAcceptEncoding, preferredCoding } from "../http/accept.ts";
import { hasDirective } from "../http/directives.ts";
import { essence } from "../http/media-type.ts";
import { varyBy } from "../http/vary.ts";
import type { Planned } from "../visit.ts";
import { canDecode, codingOf, decode, encodeStream, madeCodings, type MadeCoding } from "./coding.ts";
import { measure } from "./measure.ts";
import { bodyLength, markChanged } from "./representation.ts";

/**
 * The platform encodes in native code, but its brotli holds a body back to the end. Up to this many bytes, which are at
 * hand within a moment, it does the work; a longer body, or one of unknown length, is encoded here as it comes.
 */
const platformEncodes = 1 << 20;

/**
 * The answer in a coding that the client accepts: one that the edge can undo is undone when the client doesn't accept
 * it, and one that it can't stays, for a coded answer is better than 406 (§12.5.3).
 */
export async function toAcceptable(visit: Planned, answer: Answer): Promise<Answer> {
  const coding = codingOf(answer.fields);
  if (coding === "" || answer.status === 206 || !canDecode(coding) || forbidsTransform(answer)) return answer;
  varyBy(answer.fields, "Accept-Encoding");
  if (acceptance(parseAcceptEncoding(visit.fields.get("accept-encoding")), coding) > 0) return answer;
  visit.trail.note("transform", `decode:${coding}`);
  return decode(answer);
}

/**
 * The answer compressed, when it is worth it and the client likes that better. What could have been compressed for
 * another client says so in `Vary`. `bodyless`: the body isn't sent, but the fields are those of one that would be.
 */
export function compress(visit: Planned, answer: Answer, { settings, bodyless }: CompressOptions): Answer {
  if (!settings.enabled || !visit.finishing.compress || !isCompressible(answer, settings, bodyless)) return answer;
  const { fields } = answer;
  varyBy(fields, "Accept-Encoding");
  const coding = preferredCoding(parseAcceptEncoding(visit.fields.get("accept-encoding")), madeCodings);
  if (coding === "identity") return answer;
  visit.trail.note("transform", `compress:${coding}`);
  const length = bodyLength(answer);
  markChanged(fields);
  fields.set("content-encoding", coding);
  if (answer.body instanceof ReadableStream && (length === undefined || length > platformEncodes)) {
    return { ...answer, body: encodeStream(answer.body, coding as MadeCoding) };
  }
  return { ...answer, encode: true };
}

export interface CompressOptions {
  readonly settings: Compression;
  readonly bodyless: boolean;
}

/**
 * The answer with the length of its body, when that decides whether it is worth compressing, and the body is short enough
 * to be worth a look.
 */
export async function weigh(answer: Answer, settings: Compression): Promise<Answer> {
  const { body } = answer;
  if (!(body instanceof ReadableStream) || bodyLength(answer) !== undefined) return answer;
  return isCompressible(answer, settings, false) ? measure({ ...answer, body }, settings.minimum) : answer;
}

/** Whether some client would get the answer compressed: nothing here depends on this one. */
function isCompressible(answer: Answer, { types, minimum }: Compression, bodyless: boolean): boolean {
  const { status, fields, body } = answer;
  if (status === 204 || status === 206 || status === 304 || (body === null && !bodyless)) return false;
  if (fields.has("content-encoding") || fields.has("content-range")) return false;
  const length = bodyLength(answer);
  if (length !== undefined && (length === 0 || length < minimum)) return false;
  const type = essence(fields.get("content-type"));
  return type !== "text/event-stream" && types.some((one) => matches(one, type)) && !forbidsTransform(answer);
}

/** A pattern of the settings: a type in full, or its beginning and "*". */
function matches(pattern: string, type: string): boolean {
  return pattern.endsWith("*") ? type.startsWith(pattern.slice(0, -1)) : type === pattern;
}

function forbidsTransform({ fields }: Answer): boolean {
  return hasDirective(fields.get("cache-control"), "no-transform");
}
