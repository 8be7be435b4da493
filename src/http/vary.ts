/** The field `Vary` (RFC 9110 §12.5.5). */
import type { Fields } from "./fields.ts";

/** Adds a member unless it is there, or "*" is. */
export function varyBy(fields: Fields, name: string): void {
  const vary = fields.get("vary")?.trim();
  if (!vary) return void fields.set("vary", name);
  const members = vary.toLowerCase().split(/[\s,]+/);
  if (!members.includes("*") && !members.includes(name.toLowerCase())) fields.set("vary", `${vary}, ${name}`);
}
