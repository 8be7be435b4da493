/** Who asked, and for what, as an intermediary tells the next server: RFC 7239 and the X-Forwarded fields. */
import type { Fields } from "./fields.ts";

/** The request as the edge itself received it. */
export interface ReceivedRequest {
  /** The client's textual address; "" when it isn't known. */
  readonly ip: string;
  readonly url: URL;
}

/**
 * Fields by which an intermediary, or a platform, tells what it knows of the client or which resource was meant. A
 * server that believes them believes whoever wrote them, so none that a client wrote may pass. `Proxy` is no field of
 * HTTP, but CGI turns it into the environment variable HTTP_PROXY.
 */
const claims: readonly string[] = [
  "forwarded",
  "x-forwarded",
  "x-real-ip",
  "x-client-ip",
  "x-cluster-client-ip",
  "x-remote-addr",
  "x-remote-ip",
  "x-originating-ip",
  "x-envoy-external-address",
  "x-azure-clientip",
  "client-ip",
  "true-client-ip",
  "fastly-client-ip",
  "fly-client-ip",
  "wl-proxy-client-ip",
  "proxy-client-ip",
  "proxy",
  "x-host",
  "x-original-host",
  "x-original-url",
  "x-rewrite-url",
  "cf-connecting-ip",
  "cf-connecting-ipv6",
  "cf-pseudo-ipv4",
  "cf-ray",
  "cf-visitor",
  "cf-worker",
  "cf-asn",
  "cf-ipcity",
  "cf-ipcontinent",
  "cf-ipcountry",
  "cf-iplatitude",
  "cf-iplongitude",
  "cf-metro-code",
  "cf-postal-code",
  "cf-region",
  "cf-region-code",
  "cf-timezone",
  "cf-ew-via",
];

/** Deletes what the sender claims of itself, and every X-Forwarded field. */
export function dropClaims(fields: Fields): void {
  for (const name of claims) fields.delete(name);
  for (const [name] of fields) if (name.startsWith("x-forwarded-")) fields.delete(name);
}

/** Sets `Forwarded` and the X-Forwarded fields anew, from what the edge itself saw. */
export function setForwarded(fields: Fields, { ip, url }: ReceivedRequest): void {
  const scheme = url.protocol.slice(0, -1);
  fields.set("forwarded", `for=${node(ip)};host=${valueOf(url.host)};proto=${scheme}`);
  if (ip !== "") fields.set("x-forwarded-for", ip);
  fields.set("x-forwarded-host", url.host);
  fields.set("x-forwarded-port", url.port || defaultPorts[scheme] || "");
  fields.set("x-forwarded-proto", scheme);
}

const defaultPorts: Readonly<Record<string, string>> = { http: "80", https: "443" };
const token = /^[!#$%&'*+\-.^_`|~\w]+$/;

/** A node identifier: an IPv6 address stands in brackets (RFC 7239 §6). */
function node(ip: string): string {
  if (ip === "") return "unknown";
  return valueOf(ip.includes(":") ? `[${ip}]` : ip);
}

/** In quotes unless it is a token (RFC 7239 §4). A URL's host and an address hold nothing that needs an escape. */
function valueOf(text: string): string {
  return token.test(text) ? text : `"${text}"`;
}
