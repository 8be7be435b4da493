/** What others publish for edges to read: key sets, directories, address ranges. */
import { discard } from "../answer.ts";
import type { Edge } from "../edge.ts";
import { deltaSeconds, parseDirectives } from "../http/directives.ts";
import { readWhole } from "../http/stream.ts";
import type { Found } from "../lookups.ts";

/** How it is fetched. All times in milliseconds. */
export interface Fetching {
  readonly accept: string;
  /** To the last byte. */
  readonly timeout: number;
  /** Bytes. */
  readonly most: number;
  /** How long it counts as fresh, at least and at most, whatever `max-age` says; the least where it says nothing. */
  readonly fresh: readonly [least: number, most: number];
}

/**
 * Fetches a document as a text. No redirect is followed: who publishes there says where that is.
 * @throws when it can't be had: the status isn't 200, it is too long, or takes too long.
 */
export async function fetchDocument(url: string, fetching: Fetching, edge: Edge): Promise<Found<string>> {
  const { value, fresh } = await fetchBytes(url, fetching, edge);
  return { value: new TextDecoder().decode(value), fresh };
}

/** The same, as bytes. */
export async function fetchBytes(
  url: string,
  { accept, timeout, most, fresh }: Fetching,
  edge: Edge,
): Promise<Found<Uint8Array>> {
  const { name } = edge.config.settings;
  const time = new AbortController();
  const stop = edge.after(timeout, () => time.abort(new DOMException(`${url} took too long`, "TimeoutError")));
  try {
    // The field ends it, should the way lead back to this edge (RFC 8586).
    const headers = { accept, "user-agent": name, "cdn-loop": name };
    const response = await edge.fetch(url, { headers, signal: time.signal });
    if (response.status !== 200 || !response.body) {
      discard(response.body);
      throw new Error(`${url} answers ${response.status}`);
    }
    const value = await readWhole(response.body, most);
    return { value, fresh: within(fresh, maxAge(response.headers)) };
  } finally {
    stop();
  }
}

function maxAge(headers: Headers): number {
  return (deltaSeconds(parseDirectives(headers.get("cache-control") ?? ""), "max-age") || 0) * 1000;
}

function within([least, most]: Fetching["fresh"], value: number): number {
  return Math.min(Math.max(value, least), most);
}
