/** The order of the rooms. Whoever reads one file reads this one. */
import type { Answer } from "./answer.ts";
import { plan, serve } from "./cache/cache.ts";
import type { HeaderEdits } from "./config/model.ts";
import type { Edge } from "./edge.ts";
import { explain, observe } from "./observe/observe.ts";
import { fetchOrigin } from "./origin/origin.ts";
import { route } from "./route/route.ts";
import { scrub } from "./scrub/scrub.ts";
import { findSite } from "./site/site.ts";
import { fetchWhole, finish, prepare } from "./transform/transform.ts";
import type { Visit } from "./visit.ts";

/**
 * One visit, from request to response. Never rejects: what goes wrong on the way is explained.
 *
 *     request ─► visit ─► site ─► scrub ─► route ─► cache ══miss══► origin ─► prepare ─► (store)
 *                                                     ║                                    ║
 *     response ◄─ observe ◄─ finish ◄═════════════════╩════════════════════════════════════╝
 */
export async function journey(visit: Visit, edge: Edge): Promise<Response> {
  const answer = await travel(visit, edge).catch((error: unknown) => explain(visit, error, edge));
  return observe(visit, answer, edge);
}

async function travel(visit: Visit, edge: Edge): Promise<Answer> {
  const sited = findSite(visit, edge);
  if (sited.kind === "answer") return sited.answer;

  const clean = await scrub(sited.visit, edge);
  if (clean.kind === "answer") return clean.answer;

  const routed = route(clean.visit, edge);
  if (routed.kind === "answer") return routed.answer;

  const planned = plan(routed.visit, edge);
  const fetch = (edits: HeaderEdits): Promise<Answer> => fetchOrigin(planned, edge, edits);
  const answer = await serve(planned, edge, async (edits) =>
    prepare(planned, await fetchWhole(planned, edits, fetch), edge),
  );
  return finish(planned, answer, edge);
}
