/** The robots.txt of a site with a policy for AI: the origin's own, with what the policy says. */
import type { Answer } from "../answer.ts";
import { discard } from "../answer.ts";
import { EdgeError } from "../error.ts";
import type { Fields } from "../http/fields.ts";
import { hashOf } from "../http/hash.ts";
import { essence } from "../http/media-type.ts";
import { isRobotsPath, isRobotsText, mergeRobots, mostRobotsBytes, type RobotsPolicy } from "../http/robots.ts";
import { joined } from "../http/stream.ts";
import type { Planned } from "../visit.ts";
import { canDecode, codingsOf, decode } from "./coding.ts";
import { mapAddresses } from "./map-fields.ts";
import type { Mapping } from "./mapping.ts";
import { markChanged } from "./representation.ts";

/** What is to be said in the answer to this visit; undefined where the answer is none that the edge writes. */
export function robotsOf({ method, url, site }: Planned): RobotsPolicy | undefined {
  const policy = site.ai?.robots;
  return policy && (method === "GET" || method === "HEAD") && isRobotsPath(url.pathname) ? policy : undefined;
}

/** Fields of a request by which an origin would send less than the whole of its file. */
export const partly = [
  "range",
  "if-range",
  "if-none-match",
  "if-modified-since",
  "if-match",
  "if-unmodified-since",
] as const;

/**
 * The file as crawlers get it. An origin that has none (4xx, RFC 9309 §2.3.1.3), or a page in its place, gets the policy's
 * alone. What says that the origin failed stays, because crawlers then keep away from all (§2.3.1.4), and so does a redirect.
 * @throws EdgeError when the origin's file can't be read, or breaks off.
 */
export async function writeRobots(visit: Planned, answer: Answer, { policy, mapping }: Writing): Promise<Answer> {
  const { status, fields } = answer;
  if (status >= 500 || status === 429 || (status >= 300 && status < 400)) {
    visit.trail.note("transform", `robots:as-is:${status}`);
    return answer;
  }
  const own = await ownOf(visit, answer);
  const map = (said: string): string => mapAddresses(said, mapping);
  const isNamedIn = (said: string): boolean => mapping.isNamedIn(said.toLowerCase());
  const text = mergeRobots(policy, own, { link: mapping.reference, map, isNamedIn });
  const body = cutAtLine(new TextEncoder().encode(text) as Uint8Array<ArrayBuffer>);
  describe(fields, body.byteLength, hashOf(text));
  return { ...answer, status: 200, body: visit.method === "HEAD" ? null : body };
}

interface Writing {
  readonly policy: RobotsPolicy;
  readonly mapping: Mapping;
}

/** The origin's own file, as far as there is one; the trail says what was found. */
async function ownOf(visit: Planned, answer: Answer): Promise<string> {
  const { status, fields, body } = answer;
  if (status !== 200) discard(body);
  const own = status === 200 ? await textOf(answer) : "";
  const flaw = status === 200 ? !isText(fields) && !isRobotsText(own) && "no-text" : String(status);
  visit.trail.note("transform", flaw ? `robots:policy:${flaw}` : "robots:merged");
  return flaw ? "" : own;
}

/** @throws EdgeError when there is a file that can't be read: crawlers then keep away from all (RFC 9309 §2.3.1.4), rather than from nothing. */
async function textOf(answer: Answer): Promise<string> {
  if (!canDecode(codingsOf(answer.fields))) {
    discard(answer.body);
    throw new EdgeError("origin", "bad-upstream-answer", `the origin's robots.txt is in a coding that can't be undone`);
  }
  const { body } = await decode(answer);
  if (!(body instanceof ReadableStream)) return typeof body === "string" ? body : decodeText(body ?? new Uint8Array());
  return decodeText(cutAtLine(await readBeginning(body)));
}

/** Of servers that don't know the type of a file. */
const anyType: ReadonlySet<string> = new Set(["", "application/octet-stream", "binary/octet-stream"]);

/** Crawlers don't go by the type. A page is none: many servers give theirs for whatever they don't have. */
function isText(fields: Fields): boolean {
  const type = essence(fields.get("content-type"));
  return anyType.has(type) || (type.startsWith("text/") && type !== "text/html");
}

/** As much as crawlers read; what comes after it is let go. */
async function readBeginning(body: ReadableStream<Uint8Array>): Promise<Uint8Array<ArrayBuffer>> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  try {
    for await (const chunk of body) {
      chunks.push(chunk);
      size += chunk.byteLength;
      if (size > mostRobotsBytes) break;
    }
  } catch (cause) {
    throw new EdgeError("origin", "bad-upstream-answer", "the origin's robots.txt broke off", { cause });
  }
  return joined(chunks);
}

const newline = 0x0a;

/** What is too long, without the line that doesn't fit. */
function cutAtLine(bytes: Uint8Array<ArrayBuffer>): Uint8Array<ArrayBuffer> {
  if (bytes.byteLength <= mostRobotsBytes) return bytes;
  const end = bytes.lastIndexOf(newline, mostRobotsBytes - 1);
  return bytes.slice(0, end + 1);
}

function decodeText(bytes: Uint8Array): string {
  return new TextDecoder().decode(bytes);
}

/** Of another file, or of its absence. */
const ofTheOrigins = [
  "content-encoding",
  "content-disposition",
  "content-language",
  "content-location",
  "content-range",
  "etag",
  "last-modified",
  "retry-after",
  "www-authenticate",
  "set-cookie",
] as const;

/** In place. How long it may be kept is the origin's word. */
function describe(fields: Fields, length: number, hash: number): void {
  markChanged(fields);
  for (const name of ofTheOrigins) fields.delete(name);
  fields.set("content-type", "text/plain;charset=utf-8");
  fields.set("content-length", String(length));
  fields.set("etag", `"${length.toString(36)}-${hash.toString(36)}"`);
}
