/** Maps the addresses that response header fields hold. */
import type { Fields } from "../http/fields.ts";
import { mapLinks, mapRefresh } from "../http/link.ts";
import { mapCookieAttributes } from "../http/set-cookie.ts";
import type { Mapping } from "./mapping.ts";

type MapValue = (value: string, mapping: Mapping) => string;

const mapReference: MapValue = (value, { reference }) => reference(value);

/** Field → how its value is mapped. */
const mapped: readonly (readonly [name: string, map: MapValue])[] = [
  ["location", mapLocation],
  ["content-location", mapReference],
  ["sourcemap", mapReference],
  ["x-pingback", mapReference],
  ["link", (value, { reference }) => mapLinks(value, reference)],
  ["refresh", (value, { reference }) => mapRefresh(value, reference)],
  ["access-control-allow-origin", (value, { origin }) => origin(value)],
  ["timing-allow-origin", mapSources],
  ["content-security-policy", mapSources],
  ["content-security-policy-report-only", mapSources],
];

/** Whose own form says what in them is an address. */
const ownForm: ReadonlySet<string> = new Set(mapped.map(([name]) => name));

/** In place. */
export function mapFields(fields: Fields, mapping: Mapping): void {
  for (const [name, map] of mapped) {
    const value = fields.get(name);
    if (value !== undefined) fields.set(name, map(value, mapping));
  }
  if (fields.cookies.length > 0) fields.cookies = fields.cookies.map((line) => mapCookie(line, mapping));
  for (const [name, value] of fields.asMap()) {
    if (!ownForm.has(name) && mapping.isNamedIn(value)) fields.set(name, mapAddresses(value, mapping));
  }
}

/** Fields of whatever form that name an origin, such as `Report-To` or a realm: the addresses in them are mapped. */
export function mapAddresses(value: string, mapping: Mapping): string {
  const { host, reference, isNamedIn } = mapping;
  return value.replace(/[^\s,;"'<>()=]+/g, (token) => (isNamedIn(token) ? host(reference(token)) : token));
}

/**
 * A redirect of the origin's to https stays one when the visit came over http: mapped to the visited scheme it would
 * lead to the very URL that was visited, for ever.
 */
function mapLocation(value: string, { reference, visited }: Mapping): string {
  const to = reference(value);
  const loops = visited.protocol === "http:" && /^\s*https:/i.test(value) && URL.parse(to)?.href === visited.href;
  return loops ? to.replace(/^http:/, "https:") : to;
}

/** Lists of origins and of bare hosts, such as the sources of a Content-Security-Policy (CSP3 §2.3.1). */
export function mapSources(value: string, { origin, host }: Mapping): string {
  return value.replace(/[^\s,;]+/g, (source) => host(origin(source)));
}

/**
 * A cookie for the origin's host, or for a domain above it that the visited host doesn't belong to, is for the visited
 * host: browsers would refuse it otherwise (RFC 6265 §5.3). A path loses the origin's base.
 */
function mapCookie(line: string, { hosts, visited, path }: Mapping): string {
  return mapCookieAttributes(line, {
    domain: (value) => {
      const domain = value.replace(/^\./, "").toLowerCase();
      const names = hosts().some((host) => within(host.replace(/:\d+$/, ""), domain));
      return names && !within(visited.hostname, domain) ? visited.hostname : value;
    },
    path,
  });
}

/** Domain match (RFC 6265 §5.1.3). */
function within(host: string, domain: string): boolean {
  return host === domain || (domain !== "" && host.endsWith(`.${domain}`));
}
