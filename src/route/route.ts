/** Door of the route room: where the visit goes. */
import type { Edge } from "../edge.ts";
import { go, type Clean, type Routed, type Step } from "../visit.ts";

export function route(visit: Clean, _edge: Edge): Step<Routed> {
  return go({
    ...visit,
    target: visit.url.pathname + visit.url.search,
    pool: visit.site.origins,
    caching: visit.site.caching,
    requestEdits: [],
    finishing: { edits: [], security: false, compress: true },
  });
}
