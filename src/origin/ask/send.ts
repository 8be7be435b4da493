/** A request leaves for an origin. */
import type { Origin } from "../../config/upstream.ts";
import type { Edge } from "../../edge.ts";
import { hasContent } from "../request.ts";
import { authorise } from "../credentials.ts";
import type { Sendable } from "./sendable.ts";

/**
 * Asks, and resolves to the answer when its header is there.
 *
 * With content that isn't kept, it is the request itself at another URL: its method and bytes, and their length, stay with
 * the platform, which makes no GET with content from parts. (Of a GET it sends content only when the length is known.)
 * @throws KeyError when the origin's credentials can't be made; TypeError when the request can't be sent as it is.
 */
export async function send(origin: Origin, sendable: Sendable, { edge, signal }: Sending): Promise<Response> {
  const { visit, kept } = sendable;
  const { method } = visit;
  const url = origin.url.origin + origin.base + visit.target;
  const headers = await authorise(origin, { method, url, headers: sendable.headers }, edge);
  const init = { headers, signal };
  if (kept) return edge.fetch(url, { ...init, method, body: kept }, origin.via);
  if (hasContent(visit)) return edge.fetch(new Request(url, visit.request), init, origin.via);
  return edge.fetch(url, { ...init, method }, origin.via);
}

interface Sending {
  readonly edge: Edge;
  readonly signal: AbortSignal;
}
