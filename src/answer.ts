/** What goes back to the client, until it leaves as the platform's Response. */
import { Fields } from "./http/fields.ts";
import { reasons, type Reason } from "./reasons.ts";

/** The bytes of an answer. Streams stay streams; only what the edge wrote itself is held whole. */
export type Body = ReadableStream<Uint8Array> | Uint8Array<ArrayBuffer> | string | null;

export interface Answer {
  readonly status: number;
  /** Owned by whoever holds the answer: a room may edit it in place. */
  readonly fields: Fields;
  readonly body: Body;
  /** Why the edge answered by itself instead of asking cache or origin. */
  readonly because?: Reason;
  /** What went wrong, for the log alone: it may name origins and addresses. */
  readonly error?: unknown;
  /** How the cache served it (RFC 9211); absent when the visit never came that far. */
  readonly cache?: CacheStatus;
  /** The origin that gave it, by name; absent when none did. */
  readonly origin?: string;
  /** An accepted WebSocket, with status 101. */
  readonly webSocket?: WebSocket;
  /**
   * True when the platform is to encode the body as `Content-Encoding` says; otherwise the bytes already are what that
   * field says they are.
   */
  readonly encode?: boolean;
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
  /** Seconds of freshness left, below zero when it was served stale (§2.4). */
  readonly ttl?: number;
  readonly key?: string;
  /** A token of ours for what the words above can't say (§2.8). */
  readonly detail?: string;
}

/** A short plain-text answer of the edge's own, whose status and words follow from the reason. */
export function refuse(because: Reason, fields: Readonly<Record<string, string>> = {}): Answer {
  const { status, says } = reasons[because];
  return {
    status,
    fields: Fields.of({ "content-type": "text/plain;charset=utf-8", "cache-control": "no-store", ...fields }),
    body: `${says}\n`,
    because,
  };
}

/** Statuses whose answers have no content (RFC 9110 §6.4.1); the platform refuses a body with them. */
const withoutContent: ReadonlySet<number> = new Set([101, 204, 205, 304]);

/** The platform's Response. */
export function toResponse(answer: Answer): Response {
  return new Response(withoutContent.has(answer.status) ? null : answer.body, {
    status: answer.status,
    headers: answer.fields.toHeaders(),
    encodeBody: answer.encode ? "automatic" : "manual",
    ...(answer.webSocket && { webSocket: answer.webSocket }),
  });
}
