import type { Hotlink } from "../../config/access.ts";
import type { Identified } from "../../visit.ts";
import { letPass, type Shown } from "./shown.ts";

/**
 * By the page that the visit comes from (RFC 9110 §10.1.3). A client can write there what it likes, but the browsers of those who come
 * from a stranger's page don't.
 */
export function showReferrer({ from, unknown }: Hotlink, { fields, url }: Identified): Shown {
  const referrer = fields.get("referer") ?? fields.get("origin");
  const host = referrer === undefined ? undefined : URL.parse(referrer)?.hostname;
  if (host !== undefined && host !== "") return isOne(host, url.hostname, from) ? letPass() : refused("elsewhere");
  // A browser that hides the page still tells whether it is another site's (Fetch Metadata).
  if (fields.get("sec-fetch-site") === "cross-site" && fields.get("sec-fetch-mode") !== "navigate")
    return refused("cross-site");
  return unknown ? letPass() : refused("unknown");
}

function refused(flaw: string): Shown {
  return { kind: "refused", because: "not-let-in", flaw };
}

function isOne(host: string, visited: string, from: readonly string[]): boolean {
  if (host === visited) return true;
  return from.some((one) => (one.startsWith("*.") ? host.endsWith(one.slice(1)) : one === "*" || host === one));
}
