/** A request leaves for an origin. */
import type { Origin } from "../../config/upstream.ts";
import type { Edge } from "../../edge.ts";
import { hasContent } from "../request.ts";
import { authorise } from "../credentials.ts";
import type { Sendable } from "./sendable.ts";
import type { Upload } from "./upload.ts";

/**
 * Asks, and resolves to the answer when its header is there.
 *
 * A GET with content is the request itself at another URL, because the platform makes none from parts. (It sends that
 * content only when the length is known.)
 * @throws KeyError when the origin's credentials can't be made; TypeError when the request can't be sent as it is.
 */
export async function send(origin: Origin, sendable: Sendable, { edge, signal, upload }: Sending): Promise<Response> {
  const { visit } = sendable;
  const body = sendable.kept ?? upload?.body;
  const { method } = visit;
  const url = origin.url.origin + origin.base + visit.target;
  const headers = await authorise(origin, { method, url, headers: sendable.headers }, edge);
  const init = { headers, signal };
  if (body) return edge.fetch(url, { ...init, method, body }, origin.via);
  if (hasContent(visit)) return edge.fetch(new Request(url, visit.request), init, origin.via);
  return edge.fetch(url, { ...init, method }, origin.via);
}

interface Sending {
  readonly edge: Edge;
  readonly signal: AbortSignal;
  /** The content, where it streams. */
  readonly upload?: Upload | undefined;
}
