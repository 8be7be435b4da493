/** Range requests, answered out of a whole representation (RFC 9110 §14). */
import { refuse, type Answer } from "../answer.ts";
import { cut, cutLength, exactly, type Pieces } from "../http/cut.ts";
import { contentRange, parseRanges, unsatisfiedRange, type ByteRange } from "../http/range.ts";
import { isSameVersion } from "../http/validator.ts";
import type { Planned } from "../visit.ts";
import { boundaryOf, selectRanges, toMultipart } from "./multipart.ts";
import { bodyLength, withoutBody } from "./representation.ts";

/**
 * What the client asks for of the answer, as 206; 416 when there is no such part; the whole when it asks in another unit,
 * for a silly set of ranges, or has an older version than this (`If-Range`). Only a 200 of known length that the cache
 * may hold, the same for everyone, is cut: in every other case the range was the origin's to answer.
 */
export function cutRange(visit: Planned, answer: Answer): Answer {
  const mayCut = visit.plan.kind === "lookup" && answer.status === 200 && !answer.own;
  const length = mayCut ? bodyLength(answer) : undefined;
  if (length === undefined || (visit.method !== "GET" && visit.method !== "HEAD")) return answer;
  answer.fields.set("accept-ranges", "bytes");
  if (typeof answer.extent === "object") return toSelected(visit, answer, { ranges: [answer.extent], length });

  const range = visit.fields.get("range");
  const asked = range === undefined ? undefined : parseRanges(range);
  if (visit.method !== "GET" || asked === undefined || !isSameVersion(visit.fields.get("if-range"), answer.fields)) {
    return answer;
  }
  if (length === 0 && asked.some((one) => "suffix" in one)) return answer; // the last bytes of nothing are all of it
  const ranges = selectRanges(asked, length);
  return ranges ? toSelected(visit, answer, { ranges, length }) : answer;
}

/** The ranges to send, and the length of the whole. */
interface Selected {
  readonly ranges: readonly ByteRange[];
  readonly length: number;
}

function toSelected(visit: Planned, answer: Answer, { ranges, length }: Selected): Answer {
  // A coding is of the parts, and could only be told as one of all of them together.
  if (ranges.length > 1 && answer.fields.has("content-encoding")) return answer;
  const spelt = ranges.map(({ first, last }) => `${first}-${last}`).join(",");
  visit.trail.note("transform", ranges.length > 0 ? `range:${spelt}/${length}` : "range:none");
  if (ranges.length > 1) return toParts(visit, answer, { ranges, length });
  return ranges[0] ? toPart(answer, ranges[0], length) : toUnsatisfied(answer, length);
}

function toPart(answer: Answer, range: ByteRange, length: number): Answer {
  answer.fields.set("content-range", contentRange(range, length));
  return toPartial(answer, { pieces: [range] });
}

/** Each part says its own type and range, the answer as a whole only that it is in parts (§15.3.7.2). */
function toParts(visit: Planned, answer: Answer, { ranges, length }: Selected): Answer {
  const { fields } = answer;
  const boundary = boundaryOf(visit.id);
  const wanted = toMultipart(ranges, { contentType: fields.get("content-type"), length, boundary });
  fields.set("content-type", `multipart/byteranges; boundary=${boundary}`);
  return toPartial(answer, wanted);
}

function toPartial(answer: Answer, wanted: Pieces): Answer {
  const { fields } = answer;
  for (const name of ["content-md5", "content-digest"]) fields.delete(name); // of the whole
  const length = cutLength(wanted);
  fields.set("content-length", String(length));
  return { ...answer, status: 206, body: answer.extent ? exactly(answer.body, length) : cut(answer.body, wanted) };
}

function toUnsatisfied(answer: Answer, length: number): Answer {
  return { ...withoutBody(answer), ...refuse("unsatisfiable-range", { "content-range": unsatisfiedRange(length) }) };
}
