/** `GET /.perigee/status`: how the origins stand, and what rules did. */
import type { Answer } from "../answer.ts";
import type { Edge } from "../edge.ts";
import type { Visit } from "../visit.ts";
import { authorise } from "./authorise.ts";
import { json } from "./json.ts";
import type { Means } from "./means.ts";

export async function status(visit: Visit, edge: Edge, { report }: Means): Promise<Answer> {
  return (await authorise(visit, edge)) ?? json(200, await report(visit, edge));
}
