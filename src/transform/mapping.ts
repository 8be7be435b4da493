/** From the origins' addresses to the visited one: what an origin says of itself, as the client must read it. */
import type { Answer } from "../answer.ts";
import type { Origin } from "../config/upstream.ts";
import type { Address } from "../http/address.ts";
import type { Planned } from "../visit.ts";

export interface Mapping {
  /**
   * A URI reference (RFC 3986 §4.1) as an origin wrote it. When it leads to an origin of the site, it becomes the
   * address under the visited scheme and host, the origin's base path taken off; otherwise it stays as it is written.
   * White space around it, entities in its path and the like stay as they are.
   */
  readonly reference: (reference: string) => string;
  /** The same for a serialised origin (RFC 6454 §6.2), which has no path and so lies under no base. */
  readonly origin: (text: string) => string;
  /** A bare host with its port. */
  readonly host: (host: string) => string;
  /** A path on the origin that answered, its base taken off. */
  readonly path: (path: string) => string;
  readonly hosts: readonly string[];
  /** The base path of the origin that answered; "" when it has none. */
  readonly base: string;
  readonly visited: Address;
}

const absolute = /^(\s*)(?:(https?|wss?):)?\/\/([^/?#\\\s]+)/i;
const defaultPorts: Readonly<Record<string, RegExp>> = { http: /:80$/, ws: /:80$/, https: /:443$/, wss: /:443$/ };
const anyDefaultPort = /:(?:80|443)$/;

/** The origins that count are all of the site and of the pool: a page may link to any of them. */
export function createMapping(visit: Planned, answer: Answer): Mapping {
  const origins = new Set([...visit.site.origins, ...visit.pool]);
  const bases = basesByHost(origins);
  const base = [...origins].find(({ name }) => name === answer.origin)?.base ?? "";
  const host = (text: string): string => (bases.has(text.toLowerCase()) ? visit.url.host : text);
  const path = (text: string): string => withoutBase(text, base) ?? text;

  const reference = (text: string): string => {
    const found = absolute.exec(text);
    if (!found) return base === "" || text.startsWith("//") ? text : asPath(path(text), visit.url);
    const rest = text.slice(found[0].length);
    for (const one of bases.get(authority(found)) ?? []) {
      const below = withoutBase(rest, one);
      if (below !== undefined) return found[1]! + visitedOrigin(visit.url, found[2]) + below;
    }
    return text;
  };

  const origin = (text: string): string => {
    const found = absolute.exec(text);
    const bare = found !== null && /^\/?$/.test(text.slice(found[0].length)) && bases.has(authority(found));
    return bare ? visitedOrigin(visit.url, found[2]) + text.slice(found[0].length) : reference(text);
  };

  return { reference, origin, host, path, hosts: [...bases.keys()], base, visited: visit.url };
}

/** Host and port → base paths of the origins there, the longest first, so that the closest one counts. */
function basesByHost(origins: Iterable<Origin>): ReadonlyMap<string, readonly string[]> {
  const bases = new Map<string, string[]>();
  for (const { url, base } of origins) {
    const there = bases.get(url.host) ?? [];
    bases.set(
      url.host,
      [...there, base].toSorted((a, b) => b.length - a.length),
    );
  }
  return bases;
}

/** Host and port in lower case, without a port that the scheme implies. */
function authority([, , scheme, written]: RegExpExecArray): string {
  const implied = scheme === undefined ? anyDefaultPort : defaultPorts[scheme.toLowerCase()]!;
  return written!.toLowerCase().replace(implied, "");
}

/** The visited scheme and host, in the form the reference had: none, HTTP or WebSocket. */
function visitedOrigin(visited: Address, scheme: string | undefined): string {
  if (scheme === undefined) return `//${visited.host}`;
  return /^ws/i.test(scheme) ? visited.origin.replace(/^http/, "ws") : visited.origin;
}

const seemsHost = /^\/[\t\n\r]*[/\\]/;

/** `/app//evil.example` without its base must not become a reference to another host (RFC 3986 §4.2). */
function asPath(path: string, visited: Address): string {
  return seemsHost.test(path) ? `//${visited.host}${path}` : path;
}

/** What follows the base, beginning with "/" when there was one to take off; undefined when it doesn't lie under it. */
function withoutBase(path: string, base: string): string | undefined {
  if (base === "") return path;
  if (!path.startsWith(base)) return undefined;
  const rest = path.slice(base.length);
  if (rest.startsWith("/")) return rest;
  return rest === "" || /^[?#\s]/.test(rest) ? `/${rest}` : undefined;
}
