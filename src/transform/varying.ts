/** Tells caches further on what an answer depends on, by which rules are asked. */
import type { Answer } from "../answer.ts";
import { isForNobody, markPrivate } from "../http/private.ts";
import { varyBy } from "../http/vary.ts";
import type { Planned } from "../visit.ts";
import { isFor } from "./shape.ts";

/**
 * In place: `Vary` has the fields of the request that decide (RFC 9110 §12.5.5), and what no field tells is for nobody else. Each visit
 * is told the same, also those for whom a rule isn't. What nobody may store says nothing.
 */
export function tellVarying({ method, finishing: { varying = [] } }: Planned, { fields }: Answer): void {
  if (varying.length === 0 || (method !== "GET" && method !== "HEAD")) return;
  if (isForNobody(fields)) return;
  for (const { of, fields: names, isPrivate } of varying) {
    if (of !== "any" && !of.some((each) => isFor(fields, each))) continue;
    for (const name of names) varyBy(fields, name);
    if (isPrivate) markPrivate(fields);
  }
}
