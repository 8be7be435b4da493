/** Hides who the origin is: fields that name its software, its machines, or the caches and clouds in front of it. */
import { hidden } from "../http/hidden.ts";
import type { Fields } from "../http/fields.ts";

export function hideOrigin(fields: Fields): void {
  for (const name of fields.asMap().keys()) if (hidden.has(name)) fields.delete(name);
}
