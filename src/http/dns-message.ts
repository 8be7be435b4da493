/** Messages of the DNS (RFC 1035 §4), as far as names of addresses and addresses of names go. */
import { formatAddress } from "./ip-form.ts";
import type { Address } from "./ip.ts";

/** Record types (RFC 1035 §3.2.2, RFC 3596 §2.1). */
export const recordTypes = { A: 1, PTR: 12, AAAA: 28 } as const;

export type RecordType = keyof typeof recordTypes;

/** What came of a question. Other codes say that the server failed, or would not answer. */
export interface DnsAnswer {
  /** 0: no error; 3: there is no such name (§4.1.1). */
  readonly code: number;
  /** Names in lower case without the last dot, or addresses in their one form; those of the type that was asked for. */
  readonly values: readonly string[];
}

/**
 * A question, to be asked recursively. Its identifier is 0, so that caches know it again (RFC 8484 §4.1).
 * @returns undefined for what is no name: an empty label, or more than 63 bytes of one, or 255 of all (RFC 1035 §2.3.4).
 */
export function dnsQuestion(name: string, type: RecordType): Uint8Array<ArrayBuffer> | undefined {
  const labels = name.split(".").map((label) => new TextEncoder().encode(label));
  if (name.length > 253 || labels.some(({ length }) => length === 0 || length > 63)) return undefined;
  const header = [0, 0, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0];
  return Uint8Array.from([
    ...header,
    ...labels.flatMap((label) => [label.length, ...label]),
    0,
    0,
    recordTypes[type],
    0,
    1,
  ]);
}

/** The name by which an address is asked for (RFC 1035 §3.5, RFC 3596 §2.5). */
export function reverseName(address: Address): string {
  if (address.length === 1) return `${bytesOf(address[0]).toReversed().join(".")}.in-addr.arpa`;
  const digits = address.map((word) => word.toString(16).padStart(8, "0")).join("");
  return `${digits.split("").toReversed().join(".")}.ip6.arpa`;
}

/** What a server says, for one type. Undefined when the message is none, or is cut off. */
export function readDnsAnswer(message: Uint8Array, type: RecordType): DnsAnswer | undefined {
  const reader = new Reader(message);
  try {
    reader.skip(2);
    const flags = reader.number(2);
    if ((flags & 0x8200) !== 0x8000) return undefined;
    const [questions, answers] = [reader.number(2), reader.number(2)];
    reader.skip(4);
    for (let at = 0; at < questions; at++) {
      reader.name();
      reader.skip(4);
    }
    const values: string[] = [];
    for (let at = 0; at < answers; at++) values.push(...reader.record(type));
    return { code: flags & 15, values };
  } catch {
    return undefined;
  }
}

/** How each type of record is read; `length` is in bytes. */
const readers: Readonly<Record<RecordType, (reader: Reader, length: number) => string>> = {
  A: (reader, length) => reader.address(1, length),
  AAAA: (reader, length) => reader.address(4, length),
  PTR: (reader) => reader.name(),
};

/** As many pointers lead from one name to the rest of it at most: each must lead back, but how far nobody says. */
const mostPointers = 32;

/** Reads on and on. @throws RangeError past the end. */
class Reader {
  readonly #view: DataView;
  #at = 0;

  constructor({ buffer, byteOffset, byteLength }: Uint8Array) {
    this.#view = new DataView(buffer, byteOffset, byteLength);
  }

  /** Past so many bytes. */
  skip(bytes: number): void {
    this.#at += bytes;
  }

  /** The next one or two bytes as a number. */
  number(bytes: 1 | 2): number {
    const value = bytes === 1 ? this.#view.getUint8(this.#at) : this.#view.getUint16(this.#at);
    this.#at += bytes;
    return value;
  }

  /** The value of a record (RFC 1035 §4.1.3); nothing when it is of another type. */
  record(type: RecordType): string[] {
    this.name();
    const found = this.number(2);
    this.skip(6);
    const length = this.number(2);
    const end = this.#at + length;
    const value = found === recordTypes[type] ? [readers[type](this, length)] : [];
    this.#at = end;
    return value;
  }

  address(words: 1 | 4, length: number): string {
    if (length !== words * 4) throw new RangeError("an address of another length");
    const read = Array.from({ length: words }, (_, word) => this.#view.getUint32(this.#at + word * 4));
    return formatAddress(read as unknown as Address);
  }

  /** A name (§3.1), which may go on elsewhere in the message (§4.1.4). */
  name(): string {
    const labels: string[] = [];
    let after: number | undefined;
    for (let pointers = 0; ;) {
      const length = this.number(1);
      if (length === 0) break;
      if (length >= 0xc0) {
        const to = ((length & 0x3f) << 8) | this.number(1);
        after ??= this.#at;
        if (++pointers > mostPointers) throw new RangeError("a name that never ends");
        this.#at = to;
      } else {
        if (length > 63) throw new RangeError("a label of an unknown kind");
        labels.push(this.#text(length));
      }
    }
    if (after !== undefined) this.#at = after;
    return labels.join(".").toLowerCase();
  }

  /** What isn't ASCII is no letter of a host's name, and a dot within a label would make two of it. */
  #text(length: number): string {
    let text = "";
    for (let left = length; left > 0; left--) {
      const code = this.number(1);
      text += code > 0x20 && code < 0x7f && code !== 0x2e ? String.fromCharCode(code) : "?";
    }
    return text;
  }
}

function bytesOf(word: number): readonly number[] {
  return [word >>> 24, (word >>> 16) & 255, (word >>> 8) & 255, word & 255];
}
