/** Range requests, answered out of a whole representation (RFC 9110 §14). */
import { refuse, type Answer, type Body } from "../answer.ts";
import { matchesStrongly } from "../http/etag.ts";
import type { Fields } from "../http/fields.ts";
import { parseHttpDate } from "../http/http-date.ts";
import { contentRange, parseRange, resolveRange, unsatisfiedRange, type ByteRange } from "../http/range.ts";
import type { Planned } from "../visit.ts";
import { bodyLength, withoutBody } from "./representation.ts";

/**
 * The part of the answer that the client asks for, as 206; 416 when there is no such part; the whole when it asks for
 * several, in another unit, or has an older version than this (`If-Range`). Only a 200 of known length that the cache
 * may hold is cut: in every other case the range was the origin's to answer.
 */
export function cutRange(visit: Planned, answer: Answer): Answer {
  const length = visit.plan.kind === "lookup" && answer.status === 200 ? bodyLength(answer) : undefined;
  if (length === undefined || (visit.method !== "GET" && visit.method !== "HEAD")) return answer;
  answer.fields.set("accept-ranges", "bytes");

  const asked = parseRange(visit.fields.get("range") ?? "");
  if (visit.method !== "GET" || asked === undefined || !isCurrent(visit.fields.get("if-range"), answer.fields)) {
    return answer;
  }
  if (length === 0 && "suffix" in asked) return answer; // the last bytes of nothing are all of it
  const range = resolveRange(asked, length);
  visit.trail.note("transform", range ? `range:${range.first}-${range.last}/${length}` : "range:none");
  return range ? toPart(answer, range, length) : toUnsatisfied(answer, length);
}

/**
 * Whether `If-Range` holds (§13.1.5): the same strong entity tag, or the same Last-Modified if that is a strong
 * validator, a second or more before the answer was made (§8.8.2.2).
 */
function isCurrent(ifRange: string | undefined, fields: Fields): boolean {
  if (ifRange === undefined) return true;
  if (/^\s*(?:W\/)?"/.test(ifRange)) return matchesStrongly(ifRange.trim(), fields.get("etag") ?? "");
  const modified = fields.get("last-modified");
  const [made, changed] = [fields.get("date"), modified].map((date) => parseHttpDate(date ?? "", 0));
  return ifRange === modified && made !== undefined && changed !== undefined && made - changed >= 1000;
}

function toPart(answer: Answer, range: ByteRange, length: number): Answer {
  const { fields } = answer;
  for (const name of ["content-md5", "content-digest"]) fields.delete(name); // of the whole
  fields.set("content-range", contentRange(range, length));
  fields.set("content-length", String(range.last - range.first + 1));
  return { ...answer, status: 206, body: cut(answer.body, range) };
}

function toUnsatisfied(answer: Answer, length: number): Answer {
  return { ...withoutBody(answer), ...refuse("unsatisfiable-range", { "content-range": unsatisfiedRange(length) }) };
}

function cut(body: Body, { first, last }: ByteRange): Body {
  if (body === null) return null;
  if (typeof body === "string") return cut(new TextEncoder().encode(body) as Uint8Array<ArrayBuffer>, { first, last });
  if (body instanceof Uint8Array) return body.subarray(first, last + 1);
  // The length must be known to the platform, or it would send the part in chunks.
  return cutStream(body, first, last).pipeThrough(new FixedLengthStream(last - first + 1));
}

/** Passes over what comes before, and gives up the body when the last byte is out. */
function cutStream(body: ReadableStream<Uint8Array>, first: number, last: number): ReadableStream<Uint8Array> {
  const reader = body.getReader();
  let at = 0;
  return new ReadableStream(
    {
      async pull(controller) {
        for (let part: Uint8Array | undefined; part === undefined;) {
          const { done, value } = await reader.read();
          if (done) return controller.error(new RangeError(`the body ended at byte ${at}, before ${last}`));
          const inside = value.subarray(Math.max(0, first - at), Math.max(0, last + 1 - at));
          at += value.byteLength;
          if (inside.byteLength > 0) controller.enqueue((part = inside));
        }
        if (at <= last) return;
        controller.close();
        await reader.cancel();
      },
      cancel: (reason) => reader.cancel(reason),
    },
    { highWaterMark: 0 },
  );
}
