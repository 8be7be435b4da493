/** Signatures in URLs: how they are written, and what text is signed. Without keys: the edge and a command have those. */
import type { Address } from "./address.ts";
import { normalPath } from "./path.ts";
import { withoutParameters } from "./query.ts";

/** What a signature is good for. */
export interface UrlScope {
  /** Seconds since the epoch. */
  readonly expires: number;
  /** Segments of the path, below which all is covered with any query; undefined: just this path and query. */
  readonly segments: number | undefined;
  /** Only for the address that it was made for. */
  readonly isForAddress: boolean;
}

export interface UrlSignature extends UrlScope {
  /** HMAC-SHA-256, as base64url. */
  readonly mac: string;
}

/** `EXPIRES.SCOPE.MAC`: SCOPE is "u" for one URL or "p" with the number of segments, and "a" when it is for one address. */
const form = /^(\d{1,11})\.(?:u|p(\d{1,3}))(a?)\.([\w-]{43})$/;

/** What is written; undefined when it is no signature. */
export function readUrlSignature(text: string): UrlSignature | undefined {
  const [, expires, segments, address, mac] = form.exec(text) ?? [];
  if (expires === undefined || mac === undefined) return undefined;
  return {
    expires: Number(expires),
    segments: segments === undefined ? undefined : Number(segments),
    isForAddress: address === "a",
    mac,
  };
}

export function writeUrlSignature({ expires, segments, isForAddress, mac }: UrlSignature): string {
  return `${expires}.${segments === undefined ? "u" : `p${segments}`}${isForAddress ? "a" : ""}.${mac}`;
}

/** For what it is signed. */
export interface SignedFor {
  readonly url: Address;
  /** The parameter that holds the signature, which isn't signed itself. */
  readonly parameter: string;
  readonly ip: string;
}

/**
 * The text that is signed, a line each: what it is, the host with its port, the path (and query) that it covers, when it expires, and
 * the address or nothing. Paths are in their plain spelling. Undefined where the path has fewer segments than are covered.
 */
export function textOfSignedUrl(
  { expires, segments, isForAddress }: UrlScope,
  { url, parameter, ip }: SignedFor,
): string | undefined {
  const covered = segments === undefined ? wholeOf(url, parameter) : beginning(normalPath(url.pathname), segments);
  return covered && ["perigee-url", url.host, covered, expires, isForAddress ? ip : ""].join("\n");
}

function wholeOf(url: Address, parameter: string): string {
  const { pathname, search } = withoutParameters(url, [parameter]);
  return normalPath(pathname) + search;
}

/** "/videos/2026/" of "/videos/2026/trailer.mp4", for two segments. */
function beginning(path: string, segments: number): string | undefined {
  const parts = path.split("/");
  return segments > 0 && parts.length > segments + 1 ? `${parts.slice(0, segments + 1).join("/")}/` : undefined;
}
