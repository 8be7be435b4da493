/** What an origin's answer looks like: its fields, the part that was asked for, and in how many pieces it is sent. Pure. */
import type { IncomingMessage, OutgoingHttpHeaders } from "node:http";
import { fresh, tagOf, type Kind } from "./objects.ts";

/** The first byte and the last. */
export interface Range {
  readonly first: number;
  readonly last: number;
}

/** What is asked for, if it is of the version that there is, and the kind has ranges. */
export function rangeOf({ headers, url }: Pick<IncomingMessage, "headers" | "url">, kind: Kind): Range | undefined {
  if (kind.isChunked) return undefined;
  const [, first, last] = /^bytes=(\d+)-(\d+)$/.exec(headers.range ?? "") ?? [];
  const tag = tagOf(url!);
  const isSame = (headers["if-range"] ?? tag) === tag;
  return first !== undefined && isSame ? { first: Number(first), last: Number(last) } : undefined;
}

/** The part that is asked for, or else the whole, in pieces of the size that those of the whole have. */
export function piecesOf(whole: Buffer, kind: Kind, range: Range | undefined): readonly Buffer[] {
  const body = range ? whole.subarray(range.first, range.last + 1) : whole;
  const size = Math.ceil(whole.length / kind.pieces);
  return Array.from({ length: Math.ceil(body.length / size) }, (_, index) =>
    body.subarray(index * size, (index + 1) * size),
  );
}

interface Extent {
  readonly range: Range | undefined;
  /** Of the whole. */
  readonly length: number;
}

/** @param extent what of it is sent. */
export function fieldsOf(target: string, kind: Kind, extent: Extent): OutgoingHttpHeaders {
  return {
    "content-type": "application/octet-stream",
    "cache-control": kind.stored === undefined ? "no-store" : `max-age=${fresh}`,
    ...(kind.isChunked ? { "transfer-encoding": "chunked" } : measured(target, extent)),
  };
}

function measured(target: string, { range, length }: Extent): OutgoingHttpHeaders {
  return {
    etag: tagOf(target),
    "content-length": range ? range.last - range.first + 1 : length,
    ...(range && { "content-range": `bytes ${range.first}-${range.last}/${length}` }),
  };
}
