/** What is asked for, and what the right answer is, byte for byte: the origins and the load both know. */
import { createHash } from "node:crypto";
import { hashOf, mixed } from "../../src/http/hash.ts";

export interface Kind {
  readonly name: string;
  readonly method: "GET" | "HEAD" | "PUT" | "POST";
  /** Of the visits; those of all kinds together are 1. */
  readonly share: number;
  /** Of the answer's content. */
  readonly bytes: number;
  /** Sent one after the other, with {@link pause} before each but the first. */
  readonly pieces: number;
  /** Whether nobody says how long it is (chunked); then it has no tag and no ranges, as what is made on request. */
  readonly isChunked: boolean;
  /** Milliseconds that every origin works before it begins to answer. */
  readonly work: number;
  /** The host of the site; undefined: the site of all others. */
  readonly host: string | undefined;
  /** As many different ones there are, which may be stored; undefined: each visit asks for one of its own, which may not. */
  readonly stored: number | undefined;
  /** Bytes of the request's content. */
  readonly content: number;
}

/** Milliseconds between two pieces. */
export const pause = 50;

/** Whose origins are those of the site of all others, and may take longer. */
export const slowHost = "reports.example";

/** Whose origins have names of their own: what edges learn of them, they learn here, from few visits, all of them slow. */
export const seldomHost = "archive.example";

const usual = {
  method: "GET",
  pieces: 1,
  isChunked: false,
  work: 0,
  host: undefined,
  stored: undefined,
  content: 0,
} as const;

const chunked = { ...usual, isChunked: true } as const;

export const kinds: readonly Kind[] = [
  { ...usual, name: "page", share: 0.23, bytes: 2_000 },
  { ...usual, name: "style", share: 0.2, bytes: 16_000, stored: 20 },
  { ...usual, name: "story", share: 0.05, bytes: 40_000, pieces: 4 },
  { ...usual, name: "map", share: 0.03, bytes: 24_000, pieces: 3, stored: 5 },
  { ...usual, name: "film", share: 0.06, bytes: 160_000, pieces: 8 },
  { ...usual, name: "tune", share: 0.04, bytes: 120_000, pieces: 8, stored: 5 },
  { ...chunked, name: "list", share: 0.05, bytes: 6_000 },
  { ...chunked, name: "board", share: 0.03, bytes: 20_000, stored: 10 },
  { ...chunked, name: "feed", share: 0.02, bytes: 12_000, pieces: 4 },
  { ...chunked, name: "sheet", share: 0.01, bytes: 30_000, pieces: 3, stored: 5 },
  { ...usual, name: "report", share: 0.01, bytes: 2_000, work: 1_200, host: slowHost },
  { ...usual, name: "survey", share: 0.005, bytes: 2_000, work: 3_000, host: slowHost },
  { ...usual, name: "deed", share: 0.01, bytes: 2_000, work: 1_200, host: seldomHost },
  { ...usual, name: "census", share: 0.005, bytes: 2_000, work: 3_000, host: seldomHost },
  { ...usual, name: "look", share: 0.05, bytes: 2_000, method: "HEAD" },
  { ...usual, name: "save", share: 0.1, bytes: 300, method: "PUT", content: 1_000 },
  { ...usual, name: "order", share: 0.1, bytes: 300, method: "POST", content: 1_000 },
];

/** Seconds for which an answer that may be stored is fresh: so short that all are asked for again in every outage. */
export const fresh = 2;

/** The kind of `/<kind>/<number>`. */
export function kindOf(target: string): Kind | undefined {
  const [, name] = target.split("/");
  return kinds.find((kind) => kind.name === name);
}

/** RFC 9110 §9.2.2. */
export function isIdempotent({ method }: Kind): boolean {
  return method !== "POST";
}

/** What the visit sends. */
export function contentOf(target: string, { content }: Kind): Buffer {
  return bytesOf(`content of ${target}`, content);
}

/** What the answer to it holds: it follows from all that was sent. */
export function answerOf(target: string, { bytes }: Kind, content: Buffer): Buffer {
  const digest = content.length === 0 ? "" : createHash("sha256").update(content).digest("hex");
  return bytesOf(target + digest, bytes);
}

/** The same on every origin. */
export function tagOf(target: string): string {
  return `"${hashOf(target).toString(36)}"`;
}

/** Bytes without a period, so that a piece in the wrong place is seen. Made once: to make them costs more than to send them. */
const noise = Buffer.from(Uint32Array.from({ length: 1 << 18 }, (_, index) => mixed(index + 1)).buffer);

/** A part of the noise that follows from the text. */
function bytesOf(text: string, length: number): Buffer {
  const first = hashOf(text) % (noise.length - length);
  return noise.subarray(first, first + length);
}
