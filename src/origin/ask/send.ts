/** A request leaves for an origin. */
import type { Origin } from "../../config/upstream.ts";
import type { Edge } from "../../edge.ts";
import { hasContent } from "../request.ts";
import { authorise } from "../credentials.ts";
import type { Sendable } from "./sendable.ts";
import type { Upload } from "./upload.ts";

/**
 * With the credentials of that origin.
 * @throws KeyError when they can't be made. Nothing of the request has been touched then.
 */
export async function authorised(origin: Origin, sendable: Sendable, edge: Edge): Promise<Sendable> {
  const { headers, visit } = sendable;
  const request = { method: visit.method, url: urlOf(origin, sendable), headers };
  return { ...sendable, headers: await authorise(origin, request, edge) };
}

/**
 * Asks, and resolves to the answer when its header is there.
 *
 * A GET with content is the request itself at another URL, because the platform makes none from parts. (It sends that
 * content only when the length is known.) An image that is to be resized is asked for as the platform wants it.
 * @throws TypeError when the request can't be sent as it is.
 */
export function send(origin: Origin, sendable: Sendable, { edge, signal, upload }: Sending): Promise<Response> {
  const { visit, headers } = sendable;
  const body = sendable.kept ?? upload?.body;
  const { method } = visit;
  const url = urlOf(origin, sendable);
  const resizing = visit.image && origin.via === undefined ? { cf: { image: visit.image.options } } : undefined;
  const init = { headers, signal, ...resizing };
  if (body) return edge.fetch(url, { ...init, method, body }, origin.via);
  if (hasContent(visit)) return edge.fetch(new Request(url, visit.request), init, origin.via);
  return edge.fetch(url, { ...init, method }, origin.via);
}

function urlOf({ url, base }: Origin, { visit }: Sendable): string {
  return url.origin + base + visit.target;
}

interface Sending {
  readonly edge: Edge;
  readonly signal: AbortSignal;
  /** The content, where it streams. */
  readonly upload?: Upload | undefined;
}
