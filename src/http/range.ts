/** Byte ranges (RFC 9110 §14). */

/** One range as asked for: from `first` on, up to `last` if given; or the last `suffix` bytes. */
export type RangeSpec = { readonly first: number; readonly last: number | undefined } | { readonly suffix: number };

/** Positions of the first and the last byte, both included. */
export interface ByteRange {
  readonly first: number;
  readonly last: number;
}

const set = /^bytes=(.*)$/is;
const spec = /^[ \t]*(?:(\d+)-(\d*)|-(\d+))[ \t]*$/;
const nothing = /^[ \t]*$/;

/**
 * The ranges that a `Range` field asks for, in its order; never none. Undefined for another unit and when one of them
 * can't be read: a server may ignore the field in both cases (§14.2) and send the whole.
 */
export function parseRanges(value: string): readonly RangeSpec[] | undefined {
  const members =
    set
      .exec(value)?.[1]
      ?.split(",")
      .filter((member) => !nothing.test(member)) ?? [];
  const specs = members.map(parseSpec).filter((one) => one !== undefined);
  return specs.length > 0 && specs.length === members.length ? specs : undefined;
}

/** The one range that a `Range` field asks for; undefined also when it asks for several. */
export function parseRange(value: string): RangeSpec | undefined {
  const ranges = parseRanges(value);
  return ranges?.length === 1 ? ranges[0] : undefined;
}

function parseSpec(member: string): RangeSpec | undefined {
  const [, first, last, suffix] = spec.exec(member) ?? [];
  if (suffix !== undefined) return { suffix: Number(suffix) };
  if (first === undefined) return undefined;
  if (!last) return { first: Number(first), last: undefined };
  return Number(last) < Number(first) ? undefined : { first: Number(first), last: Number(last) };
}

/** Where the range lies in a representation of `length` bytes; undefined when it can't be satisfied (§14.1.2). */
export function resolveRange(range: RangeSpec, length: number): ByteRange | undefined {
  const first = "suffix" in range ? Math.max(0, length - range.suffix) : range.first;
  const last = "suffix" in range ? length - 1 : Math.min(range.last ?? length - 1, length - 1);
  return first <= last ? { first, last } : undefined;
}

/** In ascending order; those that overlap, touch, or lie at most `gap` bytes apart become one (§15.3.7.2). */
export function coalesce(ranges: readonly ByteRange[], gap = 0): readonly ByteRange[] {
  const merged: ByteRange[] = [];
  for (const range of ranges.toSorted((a, b) => a.first - b.first)) {
    const before = merged.at(-1);
    if (!before || range.first > before.last + gap + 1) merged.push(range);
    else merged[merged.length - 1] = { first: before.first, last: Math.max(before.last, range.last) };
  }
  return merged;
}

/** How many of the ranges hold bytes that another one, which begins before, holds too. */
export function countOverlaps(ranges: readonly ByteRange[]): number {
  let reached = -1;
  let overlaps = 0;
  for (const { first, last } of ranges.toSorted((a, b) => a.first - b.first)) {
    if (first <= reached) overlaps += 1;
    reached = Math.max(reached, last);
  }
  return overlaps;
}

/** `Content-Range` of a 206 (§14.4); `total` is undefined when it isn't known. */
export function contentRange({ first, last }: ByteRange, total: number | undefined): string {
  return `bytes ${first}-${last}/${total ?? "*"}`;
}

/** What a 206 holds; `total` is undefined when the server doesn't know it. */
export interface Extent extends ByteRange {
  readonly total: number | undefined;
}

/** A `Content-Range` of a 206; undefined when it can't be read or contradicts itself (§14.4). */
export function parseContentRange(value: string | undefined): Extent | undefined {
  const [, ...numbers] = /^bytes +(\d{1,15})-(\d{1,15})\/(\d{1,15}|\*)$/i.exec(value?.trim() ?? "") ?? [];
  if (numbers.length === 0) return undefined;
  const [first, last, total] = numbers.map(Number) as [number, number, number];
  if (last < first || total <= last) return undefined;
  return { first, last, total: Number.isNaN(total) ? undefined : total };
}

/** `Content-Range` of a 416. */
export function unsatisfiedRange(length: number): string {
  return `bytes */${length}`;
}

/** A Content-Length; undefined when it isn't one whole number. */
export function parseContentLength(value: string | undefined): number | undefined {
  return value !== undefined && /^\d{1,15}$/.test(value) ? Number(value) : undefined;
}
