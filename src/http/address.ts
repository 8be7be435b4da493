/** URLs as the rooms read them (RFC 3986), in plain data: the platform's own is asked once, by a call into it for each part. */
import { normalPath, pathFlaw, writtenPath, type PathFlaw } from "./path.ts";
import { readingsOf } from "./path-readings.ts";

/** The parts of a URL, by the names they have in the platform's. */
export type Address = Readonly<
  Pick<URL, "href" | "origin" | "protocol" | "host" | "hostname" | "port" | "pathname" | "search">
>;

/**
 * Of what a visit asks for: its path in normal form, and its host without the dot at the end of an absolute name (RFC 1034
 * §3.1), or several. All that is decided about the URL is decided by this.
 */
export interface VisitedAddress extends Address {
  /** What is wrong with its path as it was written. */
  readonly flaw: PathFlaw | undefined;
  /** Its path as other servers may read it: see {@link readingsOf}. Empty for an ordinary or a flawed one. */
  readonly readings: readonly string[];
}

/** Undefined for what is no absolute URL. */
export function parseAddress(text: string): Address | undefined {
  const url = URL.parse(text);
  if (url === null) return undefined;
  const { href, origin, protocol, host, hostname, port, pathname, search } = url;
  return { href, origin, protocol, host, hostname, port, pathname, search };
}

/** Undefined for what is no absolute URL. Of its own `href` it makes the same. */
export function visitedAddress(text: string): VisitedAddress | undefined {
  const url = parseAddress(text);
  if (!url) return undefined;
  const flaw = pathFlaw(writtenPath(text));
  const pathname = normalPath(url.pathname);
  const named = url.hostname.endsWith(".") ? withoutDot(url) : url;
  return { ...named, pathname, href: hrefOf(named, pathname), flaw, readings: flaw ? [] : readingsOf(pathname) };
}

/** The URL with that path in place of its own. */
export function withPath(url: VisitedAddress, pathname: string): VisitedAddress {
  return { ...url, pathname, href: hrefOf(url, pathname) };
}

/** The rest of it is as it was, also a "?" that nothing follows. A name and password are none of what is visited. */
function hrefOf({ href, origin, protocol, pathname }: Address, path: string): string {
  const start = href.indexOf("/", protocol.length + 2);
  return origin + path + href.slice(start + pathname.length);
}

/** Many dots are no name either; but who is lenient takes them for one. What is nothing but dots stays. */
function withoutDot(url: Address): Address {
  let end = url.hostname.length;
  while (url.hostname[end - 1] === ".") end--;
  const hostname = url.hostname.slice(0, end);
  if (hostname === "") return url;
  const host = hostname + url.host.slice(url.hostname.length);
  return { ...url, hostname, host, origin: `${url.protocol}//${host}` };
}
