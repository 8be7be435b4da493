/** `GET /.perigee/status`: how the origins stand, and what rules did. */
import type { Answer } from "../answer.ts";
import type { Edge } from "../edge.ts";
import type { Visit } from "../visit.ts";
import { authorise } from "./authorise.ts";
import { json } from "./json.ts";

/** What a room has to tell the operator: plain data. */
export type Report = (visit: Visit, edge: Edge) => Promise<object>;

export async function status(visit: Visit, edge: Edge, report: Report): Promise<Answer> {
  return (await authorise(visit, edge)) ?? json(200, await report(visit, edge));
}
