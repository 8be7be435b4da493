/** Hides who the origin is: fields that name its software, its machines, or the caches and clouds in front of it. */
import type { Fields } from "../http/fields.ts";

/**
 * What never leaves the edge. `Server-Timing` is not here: an origin that sends it wants scripts of the page to read it.
 */
const hidden: ReadonlySet<string> = new Set([
  // Software.
  "server",
  "x-powered-by",
  "x-powered-by-plesk",
  "x-powered-cms",
  "x-generator",
  "x-aspnet-version",
  "x-aspnetmvc-version",
  "x-sourcefiles",
  "x-runtime",
  "x-rack-cache",
  "x-drupal-cache",
  "x-drupal-dynamic-cache",
  "x-litespeed-cache",
  "x-litespeed-tag",
  "x-turbo-charged-by",
  "x-mod-pagespeed",
  "x-page-speed",
  // Machines.
  "x-backend",
  "x-backend-server",
  "x-server",
  "x-server-name",
  "x-served-by",
  "x-host",
  "x-hostname",
  "x-node",
  "x-upstream",
  "x-upstream-addr",
  // Intermediaries behind the edge, and how they fared: the edge speaks for itself (RFC 9110 §7.6.3, RFC 9211, RFC 9209).
  "via",
  "cache-status",
  "proxy-status",
  "x-cache",
  "x-cache-hits",
  "x-cache-lookup",
  "x-timer",
  "x-varnish",
  "x-envoy-upstream-service-time",
  "x-envoy-decorator-operation",
  "x-kong-upstream-latency",
  "x-kong-proxy-latency",
  // The clouds an origin runs on.
  "x-amz-cf-id",
  "x-amz-cf-pop",
  "x-amz-id-2",
  "x-amz-request-id",
  "x-amzn-requestid",
  "x-amzn-trace-id",
  "x-azure-ref",
  "x-ms-request-id",
  "x-cloud-trace-context",
  "x-fastly-request-id",
  "x-github-request-id",
  "x-nf-request-id",
  "x-render-origin-server",
  "x-vercel-id",
  "fly-request-id",
  "cf-ray",
  // Would send clients to the origin, past the edge (RFC 7838 §3).
  "alt-svc",
]);

export function hideOrigin(fields: Fields): void {
  for (const name of fields.asMap().keys()) if (hidden.has(name)) fields.delete(name);
}
