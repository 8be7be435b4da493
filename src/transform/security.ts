/** Security headers, where the origin has none of its own. */
import type { Answer } from "../answer.ts";
import type { SecurityField } from "../config/security.ts";
import { essence } from "../http/media-type.ts";

/** In place. The origin's own word stands. */
export function secure({ fields }: Pick<Answer, "fields">, added: readonly SecurityField[], protocol: string): void {
  if (added.length === 0) return;
  const isPage = essence(fields.get("content-type")) === "text/html";
  const holds = { https: protocol === "https:", pages: isPage };
  // What the origin said, before the first of them is added.
  const own = new Set(fields.asMap().keys());
  for (const { name, value, only, or } of added) {
    if ((only && !holds[only]) || own.has(name) || (or !== undefined && own.has(or))) continue;
    fields.set(name, value);
  }
}
