/** Fields that tell single caches what `Cache-Control` tells all (RFC 9213), which they then go by instead. */
import type { Fields } from "./fields.ts";

/** Those whose names don't tell. */
const named: ReadonlySet<string> = new Set(["edge-control", "surrogate-control", "x-accel-expires"]);

/** Whether there are any, also such as this edge goes by. */
export function hasTargeted(fields: Fields): boolean {
  return [...fields].some(([name]) => isTargeted(name));
}

/** Takes them out, in place: also `CDN-Cache-Control`, and those of one vendor or operator. */
export function withdrawTargeted(fields: Fields): void {
  for (const [name] of [...fields]) if (isTargeted(name)) fields.delete(name);
}

function isTargeted(name: string): boolean {
  return name.endsWith("-cache-control") || named.has(name);
}
