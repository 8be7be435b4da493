/** Content that is sent as it comes. */
import { parseContentLength } from "../../http/range.ts";
import { passage } from "../../http/stream.ts";
import { hasContent } from "../request.ts";
import type { Sendable } from "./sendable.ts";

export interface Upload {
  readonly body: ReadableStream<Uint8Array>;
  /** Resolves when the last of it has gone, or none goes any more. */
  readonly sent: Promise<void>;
  /** Aborts when the client's content breaks off. */
  readonly broken: AbortSignal;
}

/**
 * What of the visit streams: the platform itself passes the bytes on. Undefined without content, with content that is
 * kept, and for the GET with content, which the platform makes of no parts.
 */
export function uploadOf({ visit, kept }: Sendable): Upload | undefined {
  const { body } = visit.request;
  if (kept || !body || !hasContent(visit) || visit.method === "GET" || visit.method === "HEAD") return undefined;
  const { readable, writable } = passage(parseContentLength(visit.fields.get("content-length")));
  const broken = new AbortController();
  // The platform would end what has gone so far as if it were all: the request itself is broken off instead.
  const sent = body.pipeTo(writable, { preventAbort: true }).catch(() => {
    if (!isErrored(writable)) broken.abort();
  });
  return { body: readable, sent, broken: broken.signal };
}

/** Whether nobody reads any more what is written there. */
function isErrored(writable: WritableStream): boolean {
  return writable.getWriter().desiredSize === null;
}
