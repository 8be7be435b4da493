/** Several ranges in one answer: `multipart/byteranges` (RFC 9110 §14.6). */
import type { Pieces } from "../http/cut.ts";
import { coalesce, contentRange, countOverlaps, resolveRange, type ByteRange, type RangeSpec } from "../http/range.ts";

/** More ranges than this, or more that overlap, are asked for to waste work, not to be read (§14.2, §17.15). */
const mostRanges = 16;
const mostOverlaps = 2;

/** Bytes between two ranges that cost less to send than another part's header does. */
const cheapGap = 80;

/**
 * The ranges to send of a representation of `length` bytes, in ascending order and apart; none when not one can be
 * satisfied; undefined when the set is silly and the whole is sent instead.
 */
export function selectRanges(asked: readonly RangeSpec[], length: number): readonly ByteRange[] | undefined {
  if (asked.length > mostRanges) return undefined;
  const ranges = asked.map((one) => resolveRange(one, length)).filter((range) => range !== undefined);
  return countOverlaps(ranges) > mostOverlaps ? undefined : coalesce(ranges, cheapGap);
}

/** What the parts are written with. */
export interface MultipartTerms {
  /** Of the representation, for every part. */
  readonly contentType: string | undefined;
  /** Of the representation, in bytes. */
  readonly length: number;
  /** Unlike anything in the content; letters and digits, at most 70. */
  readonly boundary: string;
}

/** The parts with their header sections (§15.3.7.2). */
export function toMultipart(ranges: readonly ByteRange[], { contentType, length, boundary }: MultipartTerms): Pieces {
  const encoder = new TextEncoder();
  const pieces = ranges.map((range, index) => {
    const lines = [
      ...(index === 0 ? [] : [""]),
      `--${boundary}`,
      ...(contentType === undefined ? [] : [`Content-Type: ${contentType}`]),
      `Content-Range: ${contentRange(range, length)}`,
    ];
    return { ...range, before: encoder.encode(`${lines.join("\r\n")}\r\n\r\n`) };
  });
  return { pieces, after: encoder.encode(`\r\n--${boundary}--\r\n`) };
}

/** A boundary from the visit's id, which the platform may not have made. */
export function boundaryOf(id: string): string {
  return `part${id.replace(/[^0-9a-z]/gi, "").slice(0, 60)}`;
}
