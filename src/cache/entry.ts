/** A stored answer: what the cache keeps of it besides its bytes, and the form it is kept in. */
import { Fields, type FieldsJSON } from "../http/fields.ts";
import type { SearchVariation } from "../http/no-vary-search.ts";
import type { Extent } from "../http/range.ts";

/** One stored answer. Times in milliseconds. */
export interface StoredAnswer {
  readonly kind: "answer";
  readonly status: number;
  readonly fields: Fields;
  /** When the origin was asked for it, or whether it still holds, since the epoch: what is purged later covers it. */
  readonly askedAt: number;
  /** How long the origin took to answer that. */
  readonly took: number;
  /** When its age was zero, since the epoch. */
  readonly bornAt: number;
  /** Fresh for this long from then on. */
  readonly lifetime: number;
  /** May be served stale this much longer while it is refreshed (RFC 5861 §3). */
  readonly staleWhileRevalidate: number;
  /** May be served stale this much longer when the origin fails (RFC 5861 §4). */
  readonly staleIfError: number;
  /** "always": never without asking the origin (`no-cache`); "stale": never stale (`must-revalidate` and its kin). */
  readonly validate: "always" | "stale" | "whenever";
  /** For purging: its tags in lower case, spaces between them; true when there are more than are kept; absent without any. */
  readonly tags?: string | true;
  /** Names the stored bytes, so that what is made of them is used for no others. */
  readonly generation?: string | undefined;
  /** Which bytes of the representation are there, when not all are with the entry; `status` is the whole one's. */
  readonly partial?: Part | Slices;
}

/** The entry's body is this much of the representation (RFC 9111 §3.3). */
export interface Part extends Extent {
  readonly kind: "part";
}

/** The entry has no body: the bytes are in slices, under keys of their own. */
export interface Slices {
  readonly kind: "slices";
  /** Bytes of the representation, and of each slice but the last. */
  readonly total: number;
  readonly size: number;
  /** Part of every slice's key: those of another one are never mixed with these. */
  readonly generation: string;
  /** The slices that were stored, by number. One may be gone again: the store may forget. */
  readonly have: readonly number[];
}

/**
 * Stands at a primary key whose answers vary: which request fields to look at, and where the variants are. Where queries
 * share answers (No-Vary-Search), it stands at the key without a query, for all of them.
 */
export interface Variants {
  readonly kind: "variants";
  /** Names in lower case, sorted. */
  readonly vary: readonly string[];
  /** What of the query counts; absent where queries share nothing. */
  readonly search?: SearchVariation;
  /** Part of every variant's key: a new one leaves all variants behind. */
  readonly generation: string;
  /** Which are there, by the part of their keys that is their own; the newest last. Not told where queries share answers. */
  readonly held: readonly string[];
}

export type Entry = StoredAnswer | Variants;

/** Changes with the form below: an entry of another version counts as a miss. */
const version = 2;

/** The head of an entry, for the store: ASCII only. */
export function writeHead(entry: Entry): string {
  return JSON.stringify([version, entry]).replace(/[\u007f-\uffff]/g, escape);
}

/** The entry of a head; undefined when it is of another version or can't be read. */
export function readHead(head: string): Entry | undefined {
  try {
    const [writtenAs, entry] = JSON.parse(head) as readonly [number, Written];
    if (writtenAs !== version) return undefined;
    if (entry.kind === "variants") return Array.isArray(entry.vary) && Array.isArray(entry.held) ? entry : undefined;
    return numbers.every((name) => Number.isFinite(entry[name]))
      ? { ...entry, fields: Fields.fromJSON(entry.fields) }
      : undefined;
  } catch {
    return undefined;
  }
}

/** An entry as JSON. */
type Written = (Omit<StoredAnswer, "fields"> & { readonly fields: FieldsJSON }) | Variants;

const numbers = ["status", "askedAt", "took", "bornAt", "lifetime", "staleWhileRevalidate", "staleIfError"] as const;

function escape(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`;
}
