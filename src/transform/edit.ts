/** The config's own words on an answer's fields: security headers on demand, and the edits of rules. */
import type { Answer } from "../answer.ts";
import type { HeaderEdits } from "../config/model.ts";
import type { Fields } from "../http/fields.ts";
import type { Planned } from "../visit.ts";

/**
 * What `security = true` adds where the origin says nothing of its own: browsers keep to https for a year, don't guess
 * types, tell other sites only where a visitor came from and not from which page, and let only the site itself frame it.
 */
const security: readonly { readonly name: string; readonly value: string; readonly over?: "https:" }[] = [
  { name: "strict-transport-security", value: "max-age=31536000", over: "https:" }, // RFC 6797 §7.2: never over http
  { name: "x-content-type-options", value: "nosniff" },
  { name: "referrer-policy", value: "strict-origin-when-cross-origin" },
  { name: "x-frame-options", value: "SAMEORIGIN" },
  { name: "content-security-policy", value: "frame-ancestors 'self'" },
];

/** Fields that say how the bytes are to be read: a rule that changed them would break the answer. */
const framing: ReadonlySet<string> = new Set([
  "connection",
  "content-encoding",
  "content-length",
  "content-range",
  "keep-alive",
  "te",
  "trailer",
  "transfer-encoding",
  "upgrade",
]);

const validName = /^[!#$%&'*+\-.^_`|~\w]+$/;
const invalidValue = /[\0-\x08\x0a-\x1f\x7f]/;

/** In place. The rules come last: their word stands. */
export function editFields(visit: Planned, { fields }: Answer): void {
  if (visit.finishing.security) secure(fields, visit.url.protocol);
  for (const edits of visit.finishing.edits) apply(edits, fields, visit);
}

function secure(fields: Fields, protocol: string): void {
  for (const { name, value, over = protocol } of security) {
    if (over === protocol && !fields.has(name)) fields.set(name, value);
  }
}

/** A value that came out empty removes the field with `set`, and adds nothing with `add`. */
function apply({ remove, set, add }: HeaderEdits, fields: Fields, visit: Planned): void {
  for (const name of remove) if (allowed(name, "", visit)) fields.delete(name);
  for (const [name, text] of set) {
    const value = text(visit).trim();
    if (!allowed(name, value, visit)) continue;
    if (value === "") fields.delete(name);
    else fields.set(name, value);
  }
  for (const [name, text] of add) {
    const value = text(visit).trim();
    if (allowed(name, value, visit) && value !== "") fields.append(name, value);
  }
}

/** Whether HTTP allows such a field (RFC 9110 §5.1, §5.5) and it isn't the edge's own affair. */
function allowed(name: string, value: string, { trail }: Planned): boolean {
  const fine = validName.test(name) && !framing.has(name) && !invalidValue.test(value);
  if (!fine) trail.note("transform", `skipped:${name.replace(/[^\w-]/g, "_")}`);
  return fine;
}
