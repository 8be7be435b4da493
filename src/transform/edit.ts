/** The config's own words on an answer's fields: security headers on demand, and the edits of rules. */
import type { Answer } from "../answer.ts";
import { editFields } from "../http/edit.ts";
import type { Fields } from "../http/fields.ts";
import type { Planned } from "../visit.ts";
import { changeCookies } from "./cookies.ts";

/**
 * What `security = true` adds where the origin says nothing of its own: browsers keep to https for a year, don't guess
 * types, tell other sites only where a visitor came from and not from which page, and let only the site itself frame it.
 * Not `frame-ancestors`, which would undo a stricter X-Frame-Options of the origin's.
 */
const security: readonly { readonly name: string; readonly value: string; readonly over?: "https:" }[] = [
  { name: "strict-transport-security", value: "max-age=31536000", over: "https:" }, // RFC 6797 §7.2: never over http
  { name: "x-content-type-options", value: "nosniff" },
  { name: "referrer-policy", value: "strict-origin-when-cross-origin" },
  { name: "x-frame-options", value: "SAMEORIGIN" },
];

/** Fields that say how the bytes are to be read, which a rule would break, and that say what the edge did. */
const reserved: ReadonlySet<string> = new Set([
  "cache-status",
  "connection",
  "content-encoding",
  "content-length",
  "content-range",
  "keep-alive",
  "perigee-trail",
  "proxy-status",
  "te",
  "trailer",
  "transfer-encoding",
  "upgrade",
]);

/** In place. The rules come last: their word stands. */
export function editAnswer(visit: Planned, { fields }: Answer): void {
  const { security: secured, edits, cookies = [] } = visit.finishing;
  changeCookies(fields, cookies, visit.site.sticky?.cookie);
  if (secured) secure(fields, visit.url.protocol);
  const skipped = edits.flatMap((each) => editFields(fields, each, { subject: visit, reserved }));
  for (const name of skipped) visit.trail.note("transform", `skipped:${name.replace(/[^\w-]/g, "_")}`);
}

function secure(fields: Fields, protocol: string): void {
  for (const { name, value, over = protocol } of security) {
    if (over === protocol && !fields.has(name)) fields.set(name, value);
  }
}
