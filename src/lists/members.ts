/** What stands in a list. */
import { parsePrefix, type Prefix } from "../http/ip.ts";
import { parseRange } from "../http/ip-range.ts";

/** One member, as {@link parseMember} understood it. */
export type Member =
  | { readonly kind: "prefixes"; readonly prefixes: readonly Prefix[] }
  | { readonly kind: "asn"; readonly asn: number }
  | { readonly kind: "word"; readonly word: string };

/**
 * What a member of a list means: a number or "AS64500" is an autonomous system, what has the form of an address is a
 * prefix or a range (`192.0.2.1-192.0.2.9`), everything else a string, such as a country code. Undefined for what can only
 * be a mistake: an empty string, a number that is no AS number (RFC 6793), an address, prefix or range that is none.
 */
export function parseMember(member: string | number): Member | undefined {
  if (typeof member === "number") return toAsn(member);
  const text = member.trim();
  if (/^as\d+$/i.test(text)) return toAsn(Number(text.slice(2)));
  if (looksLikeAddress(text)) {
    const prefixes = text.includes("-") ? parseRange(text) : toArray(parsePrefix(text));
    return prefixes && { kind: "prefixes", prefixes };
  }
  return text === "" ? undefined : { kind: "word", word: text.toLowerCase() };
}

function toAsn(asn: number): Member | undefined {
  return Number.isInteger(asn) && asn >= 0 && asn < 2 ** 32 ? { kind: "asn", asn } : undefined;
}

function toArray<T>(item: T | undefined): T[] | undefined {
  return item === undefined ? undefined : [item];
}

/** Digits and dots from the start, with what follows an address in a prefix or a range; or two colons, as in IPv6. */
function looksLikeAddress(text: string): boolean {
  return /^\d+(\.[\d.]*)?(?:$|\/|\s*-)/.test(text) || /^[\da-f.]*:[\da-f.]*:/i.test(text);
}
