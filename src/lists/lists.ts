/** Door of the lists: named sets of address prefixes, autonomous systems, and plain strings such as country codes. */
import { parseAddress, parsePrefix, type Prefix } from "../http/ip.ts";
import { PrefixSet } from "./prefixes.ts";

/** All lists of a config, by name. */
export type Lists = ReadonlyMap<string, List>;

/** One member, as {@link parseMember} understood it. */
export type Member =
  | { readonly kind: "prefix"; readonly prefix: Prefix }
  | { readonly kind: "asn"; readonly asn: number }
  | { readonly kind: "word"; readonly word: string };

/**
 * What a member of a list means: a number or "AS64500" is an autonomous system, what has the form of an address is a
 * prefix, everything else a string, such as a country code. Undefined for what can only be a mistake: an empty string,
 * a number that is no AS number (RFC 6793), a range of addresses, an address or prefix that is none.
 */
export function parseMember(member: string | number): Member | undefined {
  if (typeof member === "number") return toAsn(member);
  const text = member.trim();
  if (/^as\d+$/i.test(text)) return toAsn(Number(text.slice(2)));
  if (looksLikeAddress(text)) {
    const prefix = parsePrefix(text);
    return prefix && { kind: "prefix", prefix };
  }
  return text === "" ? undefined : { kind: "word", word: text.toLowerCase() };
}

/** An immutable set of members. */
export class List {
  readonly #prefixes: PrefixSet;
  readonly #asns: ReadonlySet<number>;
  readonly #words: ReadonlySet<string>;

  constructor(members: readonly Member[]) {
    this.#prefixes = new PrefixSet(members.flatMap((member) => (member.kind === "prefix" ? [member.prefix] : [])));
    this.#asns = new Set(members.flatMap((member) => (member.kind === "asn" ? [member.asn] : [])));
    this.#words = new Set(members.flatMap((member) => (member.kind === "word" ? [member.word] : [])));
  }

  /** Whether a string is a member, whatever its case, or is an address that lies in one of the prefixes. */
  hasText(text: string): boolean {
    if (this.#words.size > 0 && this.#words.has(text.toLowerCase())) return true;
    const address = this.#prefixes.size > 0 ? parseAddress(text) : undefined;
    return address !== undefined && this.#prefixes.has(address);
  }

  hasAsn(asn: number): boolean {
    return this.#asns.has(asn);
  }
}

function toAsn(asn: number): Member | undefined {
  return Number.isInteger(asn) && asn >= 0 && asn < 2 ** 32 ? { kind: "asn", asn } : undefined;
}

/** Digits and dots from the start, with what follows an address in a prefix or a range; or two colons, as in IPv6. */
function looksLikeAddress(text: string): boolean {
  return /^\d+(\.[\d.]*)?(?:$|[/-])/.test(text) || /^[\da-f.]*:[\da-f.]*:/i.test(text);
}
