/** Byte ranges (RFC 9110 §14). */

/** One range as asked for: from `first` on, up to `last` if given; or the last `suffix` bytes. */
export type RangeSpec = { readonly first: number; readonly last: number | undefined } | { readonly suffix: number };

/** Positions of the first and the last byte, both included. */
export interface ByteRange {
  readonly first: number;
  readonly last: number;
}

const single = /^bytes=[ \t,]*(?:(\d+)-(\d*)|-(\d+))[ \t,]*$/i;

/**
 * The one range that a `Range` field asks for. Undefined for another unit, for what can't be read, and for several
 * ranges at once: a server may ignore the field in all these cases (§14.2) and send the whole.
 */
export function parseRange(value: string): RangeSpec | undefined {
  const [, first, last, suffix] = single.exec(value) ?? [];
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

/** `Content-Range` of a 206 (§14.4). */
export function contentRange({ first, last }: ByteRange, length: number): string {
  return `bytes ${first}-${last}/${length}`;
}

/** `Content-Range` of a 416. */
export function unsatisfiedRange(length: number): string {
  return `bytes */${length}`;
}

/** A Content-Length; undefined when it isn't one whole number. */
export function parseContentLength(value: string | undefined): number | undefined {
  return value !== undefined && /^\d{1,15}$/.test(value) ? Number(value) : undefined;
}
