/** What goes back to the client, until it leaves as the platform's Response. */
import type { Store } from "./edge.ts";
import { Fields } from "./http/fields.ts";
import type { ByteRange } from "./http/range.ts";
import { reasons, type Reason } from "./reasons.ts";

/** The bytes of an answer. Streams stay streams; only what the edge wrote itself is held whole. */
export type Body = ReadableStream<Uint8Array> | Uint8Array<ArrayBuffer> | string | null;

export interface Answer {
  readonly status: number;
  /** Owned by whoever holds the answer: a room may edit it in place. */
  readonly fields: Fields;
  readonly body: Body;
  /**
   * What of the representation the body is, where the store gave no more of it because this client needs no more: its range,
   * or nothing, because it has it already. Absent when it is all, and in an answer to HEAD.
   */
  readonly extent?: ByteRange | "head";
  /** Why the edge answered by itself instead of asking cache or origin. */
  readonly because?: Reason;
  /** What went wrong, for the log alone: it may name origins and addresses. */
  readonly error?: unknown;
  /** How the cache served it (RFC 9211); absent when the visit never came that far. */
  readonly cache?: CacheStatus;
  /** When an origin was asked for it, in milliseconds since the epoch, where that was before this visit. */
  readonly askedAt?: number;
  /** The origin that gave it, by name; absent when none did. */
  readonly origin?: string;
  /** Its body was made for this visit alone: there are no parts of it, and nothing made of it is for anybody else. */
  readonly own?: true;
  /** What its scripts are marked with. */
  readonly nonce?: string;
  /** Ends the request that the body comes by, where cancelling the body would be noticed at its next bytes only. */
  readonly letGo?: (() => void) | undefined;
  /** An accepted WebSocket, with status 101. */
  readonly webSocket?: WebSocket;
  /** Of the 200 that a 304 stands for: the 304 itself doesn't say it. */
  readonly contentType?: string | undefined;
  /** Names the bytes that the store has or gets of it, as {@link Kept.generation} does, whatever becomes of its body after the store. */
  readonly generation?: string | undefined;
  /** The stored answer that it is, where what is made of its body may be kept beside that. */
  readonly kept?: Kept;
}

/** An answer out of the store. Whoever changes what of the body is known, or the body, makes it another one. */
export interface Kept {
  /** Its own key. */
  readonly key: string;
  /** Names the bytes of its body: what is made of them is good for no others. */
  readonly generation: string;
  /** Bytes of the body. */
  readonly length: number;
  /** The body that it had when it came, if one did. */
  readonly body: Body;
  /** The bytes once more; undefined when the store has them no longer. */
  readonly read: (store: Store) => Promise<Uint8Array<ArrayBuffer> | undefined>;
}

/** How the cache handled a visit, in the words of RFC 9211 §2. */
export interface CacheStatus {
  readonly hit?: true;
  /** Why the request went forward to an origin (§2.2). */
  readonly fwd?: "bypass" | "method" | "uri-miss" | "vary-miss" | "miss" | "request" | "stale" | "partial";
  /** The status the origin answered with, when it isn't the one that is sent (§2.3). */
  readonly fwdStatus?: number;
  /** The answer was written to the cache (§2.5). */
  readonly stored?: true;
  /** Another visit asked for this one too (§2.6). */
  readonly collapsed?: true;
  /** Seconds of freshness left, below zero when it was served stale (§2.4). */
  readonly ttl?: number;
  readonly key?: string;
  /** How the shield that was asked handled it. */
  readonly parent?: CacheStatus;
  /** A token of ours for what the words above can't say (§2.8). */
  readonly detail?: string;
}

/** A short plain-text answer of the edge's own, whose status and words follow from the reason. */
export function refuse(because: Reason, fields: Readonly<Record<string, string>> = {}): Answer {
  const reason = reasons[because];
  const usual = { "content-type": "text/plain;charset=utf-8", "cache-control": "no-store" };
  const later = "retryAfter" in reason ? { "retry-after": String(reason.retryAfter) } : {};
  const { status, says } = reason;
  return { status, fields: Fields.of({ ...usual, ...later, ...fields }), body: `${says}\n`, because };
}

/** Lets go of a body that nobody will read: it would hold its connection. */
export function discard(body: Body | undefined): void {
  // It may have failed already, and nobody waits for it.
  if (body instanceof ReadableStream && !body.locked) body.cancel().catch(() => undefined);
}

/**
 * The platform's Response; for a HEAD or a status without content, the body must be null already.
 * @throws TypeError when a field's name or value is none that HTTP allows (RFC 9110 §5.1, §5.5).
 */
export function toResponse(answer: Answer): Response {
  return new Response(answer.body, {
    status: answer.status,
    headers: answer.fields.toInit(),
    encodeBody: "manual",
    ...(answer.webSocket && { webSocket: answer.webSocket }),
  });
}
