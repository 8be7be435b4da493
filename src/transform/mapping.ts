/** From the origins' addresses to the visited one: what an origin says of itself, as the client must read it. */
import type { Answer } from "../answer.ts";
import type { Edge } from "../edge.ts";
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
  /** Whether the host of an origin is in the text, by itself or in an address. */
  readonly isNamedIn: (text: string) => boolean;
  readonly hosts: () => readonly string[];
  /** The same; undefined when there are more than that. */
  readonly fewHosts: (most: number) => readonly string[] | undefined;
  /** The base path of the origin that answered; "" when it has none. */
  readonly base: string;
  readonly visited: Address;
}

const absolute = /^(\s*)(?:(https?|wss?):)?\/\/([^/?#\\\s]+)/i;
const defaultPorts: Readonly<Record<string, RegExp>> = { http: /:80$/, ws: /:80$/, https: /:443$/, wss: /:443$/ };
const anyDefaultPort = /:(?:80|443)$/;

/** The origins that count are all of the site and of the pool: a page may link to any of them. */
export function createMapping(visit: Planned, answer: Answer, fleet: Pick<Edge["fleet"], "addresses">): Mapping {
  const there = [...new Set([visit.site.origins, visit.pool])].map(fleet.addresses);
  const base = there.map(({ baseOf }) => baseOf.get(answer.origin ?? "")).find((each) => each !== undefined) ?? "";
  const isHost = (text: string): boolean => there.some(({ bases }) => bases.has(text));
  const host = (text: string): string => (isHost(text.toLowerCase()) ? visit.url.host : text);
  const path = (text: string): string => withoutBase(text, base) ?? text;

  const reference = (text: string): string => {
    const found = absolute.exec(text);
    if (!found || !plainHost.test(found[3]!)) {
      const mapped = mapDisguised(text, { there, visited: visit.url });
      if (mapped !== undefined) return mapped;
    }
    if (!found) return base === "" || text.startsWith("//") ? text : asPath(path(text), visit.url);
    const rest = text.slice(found[0].length);
    for (const one of basesAt(authority(found), there)) {
      const below = withoutBase(rest, one);
      if (below !== undefined) return found[1]! + visitedOrigin(visit.url, found[2]) + below;
    }
    return text;
  };

  const origin = (text: string): string => {
    const found = absolute.exec(text);
    const bare = found !== null && /^\/?$/.test(text.slice(found[0].length)) && isHost(authority(found));
    return bare ? visitedOrigin(visit.url, found[2]) + text.slice(found[0].length) : reference(text);
  };

  const isNamedIn = (text: string): boolean => there.some((each) => each.isNamedIn(text));
  const hosts = (): readonly string[] => [...new Set(there.flatMap(({ bases }) => [...bases.keys()]))];
  const fewHosts = (most: number): readonly string[] | undefined =>
    there.some(({ bases }) => bases.size > most) ? undefined : hosts();
  return { reference, origin, host, path, isNamedIn, hosts, fewHosts, base, visited: visit.url };
}

/** What needs no parser to be read as a host, and a port. */
const plainHost = /^[\w.-]+(?::\d+)?$/;

/** What a parser may read as an address with a host (URL §4.4): it takes a backslash for a slash, and any number of them for two. */
const disguised = /^([\0-\x20]*)(?:(https?|wss?):|(?=[/\\]{2}))[/\\]*[^/?#\\]*/i;

/** A reference that only a parser reads as an address of an origin's, mapped; undefined for every other. What follows the host stays as it is written. */
function mapDisguised(text: string, { there, visited }: Mapped): string | undefined {
  const read = text.replaceAll(/[\t\n\r]/g, "");
  const found = disguised.exec(read);
  const url = found && URL.parse(read, visited.href);
  if (!found || !url) return undefined;
  const [path = "", ...others] = read.slice(found[0].length).split(/(?=[?#])/);
  const rest = path.replaceAll("\\", "/") + others.join("");
  for (const one of basesAt(url.host, there)) {
    const below = withoutBase(rest, one);
    if (below !== undefined) return found[1]! + visitedOrigin(visited, found[2]) + below;
  }
  return undefined;
}

interface Mapped {
  readonly there: readonly Addresses[];
  readonly visited: Address;
}

/** The base paths at that host, the longest first, so that the closest one counts. */
function basesAt(host: string, there: readonly Addresses[]): readonly string[] {
  const [own = [], ...others] = there.map(({ bases }) => bases.get(host) ?? []);
  return others.length === 0 ? own : [...own, ...others.flat()].toSorted((one, other) => other.length - one.length);
}

type Addresses = ReturnType<Edge["fleet"]["addresses"]>;

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
