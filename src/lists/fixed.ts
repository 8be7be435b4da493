/** A list that never changes. */
import { parseAddress, type Address } from "../http/ip.ts";
import { embeddedIPv4 } from "../http/ip-form.ts";
import { aggregate } from "./aggregate.ts";
import type { Member } from "./members.ts";
import { PrefixTable } from "./table.ts";

/** What rules ask. */
export interface List {
  /** Whether a string is a member, whatever its case, or is an address that lies in one of the prefixes. */
  hasText(text: string): boolean;
  hasAsn(asn: number): boolean;
}

/** The members of a list, sorted and merged: what is written to a file as it is. */
export interface Sections {
  readonly v4: PrefixTable;
  /** IPv6 prefixes of at most 64 bits, which most are. */
  readonly networks: PrefixTable;
  /** The longer ones. */
  readonly hosts: PrefixTable;
  /** In ascending order. */
  readonly asns: Uint32Array;
  /** In lower case. */
  readonly words: ReadonlySet<string>;
}

export class FixedList implements List {
  readonly sections: Sections;

  constructor(sections: Sections) {
    this.sections = sections;
  }

  static of(members: Iterable<Member>): FixedList {
    return new FixedList(sort(members));
  }

  hasText(text: string): boolean {
    const { v4, networks, hosts, words } = this.sections;
    if (words.size > 0 && words.has(text.toLowerCase())) return true;
    const address = v4.size + networks.size + hosts.size > 0 ? parseAddress(text) : undefined;
    return address !== undefined && this.#hasAddress(address);
  }

  hasAsn(asn: number): boolean {
    const { asns } = this.sections;
    let low = 0;
    for (let high = asns.length; low < high;) {
      const middle = (low + high) >>> 1;
      if (asns[middle]! < asn) low = middle + 1;
      else high = middle;
    }
    return asns[low] === asn;
  }

  /** Also by the IPv4 address inside an IPv6 one. */
  #hasAddress(address: Address): boolean {
    const { v4, networks, hosts } = this.sections;
    if (address.length === 1) return v4.has(address);
    if (networks.has(address) || hosts.has(address)) return true;
    const inside = embeddedIPv4(address);
    return inside !== undefined && v4.has([inside]);
  }
}

/** Bits of the longest prefix that its table holds in two words. */
const networkLength = 64;

function sort(members: Iterable<Member>): Sections {
  const all = [...members];
  const prefixes = all.flatMap((member) => (member.kind === "prefixes" ? member.prefixes : []));
  const asns = all.flatMap((member) => (member.kind === "asn" ? [member.asn] : []));
  const v6 = aggregate(prefixes.filter(({ address }) => address.length === 4));
  return {
    v4: PrefixTable.of(1, aggregate(prefixes.filter(({ address }) => address.length === 1))),
    networks: PrefixTable.of(
      2,
      v6.filter(({ length }) => length <= networkLength),
    ),
    hosts: PrefixTable.of(
      4,
      v6.filter(({ length }) => length > networkLength),
    ),
    asns: Uint32Array.from(new Set(asns)).toSorted(),
    words: new Set(all.flatMap((member) => (member.kind === "word" ? [member.word] : [])).toSorted()),
  };
}
