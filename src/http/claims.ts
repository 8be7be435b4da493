/**
 * What a sender claims of itself, of the way a request came, or of the resource it means, besides the request itself.
 *
 * Only an intermediary before the server may write these fields, and the edge is that intermediary. A server that believes
 * them believes whoever wrote them: a client could choose its address, or have an answer made that is kept under the URL
 * it visited and isn't for that URL (cache poisoning). So none that a client wrote may pass.
 */
import type { Fields } from "./fields.ts";

/** Each with who believes it. */
const claims: ReadonlySet<string> = new Set([
  // Who asks
  "forwarded", // RFC 7239
  "x-real-ip", // nginx
  "x-client-ip", // Apache's mod_remoteip by custom
  "x-cluster-client-ip", // Zeus, Rackspace, Riverbed
  "x-remote-addr",
  "x-remote-ip",
  "x-originating-ip",
  "x-azure-clientip", // Azure Front Door
  "client-ip", // Rails, PHP applications
  "true-client-ip", // Akamai, Cloudflare
  "fastly-client-ip", // Fastly
  "fly-client-ip", // Fly.io
  "wl-proxy-client-ip", // WebLogic
  "proxy-client-ip", // WebLogic
  "wl-proxy-ssl", // WebLogic: the scheme
  // Over which scheme it came
  "x-forwarded", // before RFC 7239
  "x-scheme", // ingress-nginx; Flask behind a prefix
  "x-url-scheme", // older Python and Ruby servers
  "front-end-https", // Microsoft's gateways; Rails and Django recipes
  "x-arr-ssl", // IIS Application Request Routing
  "fastly-ssl", // Fastly
  // Which host, path or answer was meant
  "x-host",
  "x-original-host", // Azure Application Gateway
  "x-backend-host",
  "x-http-host-override",
  "x-original-url", // IIS URL Rewrite, Azure; Symfony, Zend and Laminas take it for the path
  "x-original-uri", // ingress-nginx
  "x-rewrite-url", // ISAPI Rewrite; Symfony, Zend and Laminas take it for the path
  "x-original-method", // ingress-nginx
  "x-script-name", // Flask behind a prefix
  "x-wap-profile", // UAProf of old phones: the URL of a description, which some servers fetch
  "proxy", // CGI turns it into the environment variable HTTP_PROXY
  // Next.js between its own parts: the route, the status, whether the middleware ran
  "x-matched-path",
  "x-now-route-matches",
  // Which dictionaries the client has: no origin is asked for what takes one (RFC 9842 §2.2, §2.3)
  "available-dictionary",
  "dictionary-id",
  // The platform's own
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
]);

/** The beginnings of such names. */
const families: readonly string[] = [
  "x-forwarded-", // host, port, proto, scheme, prefix, server, uri …: Traefik, Spring, Rack, Symfony, ASP.NET
  "x-envoy-", // Envoy, from those it trusts: the path, timeouts, retries, faults
  "x-middleware-", // Next.js
  "x-invoke-", // Next.js
];

/** Deletes what the sender claims. */
export function dropClaims(fields: Fields): void {
  for (const name of fields.asMap().keys()) if (isClaim(asCgiReads(name))) fields.delete(name);
}

/** Whether a field of that name is such a claim, which no origin gets as the client wrote it. */
export function isClaim(name: string): boolean {
  return claims.has(name) || families.some((family) => name.startsWith(family));
}

/**
 * The name as servers read it that hand fields on as variables (CGI, WSGI, Rack, PHP): to them `x_real_ip` is `x-real-ip`
 * (RFC 3875 §4.1.18).
 */
export function asCgiReads(name: string): string {
  return name.includes("_") ? name.replaceAll("_", "-") : name;
}
