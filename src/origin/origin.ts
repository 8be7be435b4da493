/** Door of the origin room: which origins are asked, and what becomes of it. */
import type { Answer } from "../answer.ts";
import type { HeaderEdits } from "../config/model.ts";
import type { Edge } from "../edge.ts";
import type { Planned } from "../visit.ts";
import { choose } from "./choose/choose.ts";
import { failover } from "./ask/failover.ts";
import { toSendable } from "./ask/sendable.ts";
import { sustain } from "./ask/sustain.ts";
import { fetchResized } from "./image.ts";
import { mirror } from "./mirror.ts";
import { refuseLoop, requestFields } from "./request.ts";

export { show, newWatching, nextAt, probeDue, type Watching } from "./health/watch.ts";
export { relieve } from "./health/brownout.ts";
export { reportOrigins } from "./health/report.ts";
export { stick } from "./choose/sticky.ts";

/**
 * Asks the origins of the pool, the best first, until one answers. Bodies stream both ways; the answer's is encoded as
 * the origin encoded it. Others get copies of the request where rules want it.
 * @param edits the cache's own edits of the request's fields, applied after the rules'.
 * @throws EdgeError when no origin of the pool gave an answer (source "origin"), when the request has passed this edge
 * before, or when the client left (source "client").
 */
export function fetchOrigin(visit: Planned, edge: Edge, edits: HeaderEdits): Promise<Answer> {
  return fetchResized(visit, edits, (each, edited) => fetchFrom(each, edge, edited));
}

async function fetchFrom(visit: Planned, edge: Edge, edits: HeaderEdits): Promise<Answer> {
  const { name } = edge.config.settings;
  refuseLoop(visit, name);
  const { origins } = await choose(visit, edge);
  const headers = Object.fromEntries(requestFields(visit, edits, name));
  const sendable = await toSendable(visit, headers, edge.now);
  const answering = failover(origins, sendable, edge);
  mirror(sendable, edge);
  return sustain(await answering, { origins, sendable, edge });
}
