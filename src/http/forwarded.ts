/** Who asked, and for what, as an intermediary tells the next server: RFC 7239 and the X-Forwarded fields. */
import type { Address } from "./address.ts";
import type { Fields } from "./fields.ts";

/** The request as the edge itself received it. */
export interface ReceivedRequest {
  /** The client's textual address; "" when it isn't known. */
  readonly ip: string;
  readonly url: Address;
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
