/** `/bytes/N`: N bytes whose values follow from their position, streamed, with single ranges (RFC 9110 §14). */
import type { ServerResponse } from "node:http";
import { pipeline } from "node:stream/promises";
import { Readable } from "node:stream";
import type { Exchange } from "./routes.ts";

const largest = 2 ** 40;

/** A prime: every byte value's position moves from one block of any usual size to the next. */
const period = 251;

/** Sixty-odd KB holding every phase of the pattern, so that a chunk at any position is one slice of it. */
const pattern = Buffer.from(Array.from({ length: 65_536 + period }, (_, at) => at % period));

interface Range {
  readonly first: number;
  /** Inclusive, as in Content-Range. */
  readonly last: number;
}

/** The value of the byte at that position of any `/bytes/N`. */
export function byteAt(position: number): number {
  return position % period;
}

/** Rejects when the client goes away before the end. */
export async function sendBytes({ request, response, argument }: Exchange): Promise<void> {
  const size = /^\d{1,13}$/.test(argument) ? Number(argument) : Number.NaN;
  if (!(size <= largest)) return void response.writeHead(400).end("how many bytes?\n");

  const etag = `"bytes-${size}"`;
  response.setHeader("etag", etag);
  response.setHeader("accept-ranges", "bytes");
  response.setHeader("content-type", "application/octet-stream");
  response.setHeader("cache-control", "public, max-age=60");

  // A validator that no longer fits makes the Range field void (RFC 9110 §13.1.5).
  const wanted = (request.headers["if-range"] ?? etag) === etag ? request.headers.range : undefined;
  const range = request.method === "GET" ? parseRange(wanted, size) : undefined;
  if (range === "unsatisfiable") {
    return void response.writeHead(416, { "content-range": `bytes */${size}`, "content-length": 0 }).end();
  }
  const { first, last } = range ?? { first: 0, last: size - 1 };
  if (range) response.setHeader("content-range", `bytes ${first}-${last}/${size}`);
  response.writeHead(range ? 206 : 200, { "content-length": last - first + 1 });
  if (request.method === "HEAD") return void response.end();
  await stream(response, first, last);
}

/** One byte range; undefined for none, several, or what can't be read, which all mean the whole (RFC 9110 §14.2). */
function parseRange(value: string | undefined, size: number): Range | "unsatisfiable" | undefined {
  const [, from, to] = /^bytes=(\d*)-(\d*)$/.exec(value ?? "") ?? [];
  if (from === undefined || to === undefined || (from === "" && to === "")) return undefined;
  const first = from === "" ? Math.max(0, size - Number(to)) : Number(from);
  const last = from === "" || to === "" ? size - 1 : Math.min(Number(to), size - 1);
  if (from !== "" && to !== "" && Number(to) < Number(from)) return undefined;
  return first <= last ? { first, last } : "unsatisfiable";
}

/** As fast as the client reads. */
async function stream(response: ServerResponse, first: number, last: number): Promise<void> {
  await pipeline(Readable.from(chunks(first, last), { objectMode: false }), response);
}

function* chunks(first: number, last: number): Generator<Buffer> {
  for (let at = first; at <= last;) {
    const phase = at % period;
    const length = Math.min(65_536, last - at + 1);
    yield pattern.subarray(phase, phase + length);
    at += length;
  }
}
