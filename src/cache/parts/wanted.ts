/** What of a representation a request wants (RFC 9110 §14.2). */
import type { Fields } from "../../http/fields.ts";
import { parseRange, resolveRange, type ByteRange, type Extent } from "../../http/range.ts";
import { isSameVersion } from "../../http/validator.ts";
import type { StoredAnswer } from "../entry.ts";

/** All of it, one range of it, or one that it doesn't have. */
export type Wanted =
  | { readonly status: 200 | 206; readonly range: ByteRange }
  | { readonly status: 416; readonly range?: undefined };

/**
 * What is wanted of `total` bytes with these stored fields; all of them when the client's `If-Range` speaks of another
 * version. Undefined for several ranges, and for a range that can't be read.
 */
export function wantedOf(request: Fields, stored: Fields, total: number): Wanted | undefined {
  const value = request.get("range");
  const whole = { status: 200, range: { first: 0, last: total - 1 } } as const;
  if (value === undefined || !isSameVersion(request.get("if-range"), stored)) return whole;
  const asked = parseRange(value);
  if (!asked) return undefined;
  const range = resolveRange(asked, total);
  return range ? { status: 206, range } : { status: 416 };
}

/** The wanted range when it lies inside what is there (RFC 9111 §3.3); undefined in every other case. */
export function wantedInside(request: Fields, { fields }: StoredAnswer, there: Extent): ByteRange | undefined {
  const asked = parseRange(request.get("range") ?? "");
  if (!asked || !isSameVersion(request.get("if-range"), fields)) return undefined;
  const needsTotal = "suffix" in asked || asked.last === undefined;
  if (needsTotal && there.total === undefined) return undefined;
  const range = resolveRange(asked, there.total ?? Number.MAX_SAFE_INTEGER);
  return range && range.first >= there.first && range.last <= there.last ? range : undefined;
}
