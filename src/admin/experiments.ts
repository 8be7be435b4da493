/** `GET /.perigee/experiments`: what was counted. `POST`: what the guard took away is brought back. */
import type { Answer } from "../answer.ts";
import type { Edge } from "../edge.ts";
import { readWhole } from "../http/stream.ts";
import type { Visit } from "../visit.ts";
import { authorise } from "./authorise.ts";
import { json } from "./json.ts";
import type { Means } from "./means.ts";

/** Bytes of an order at most. */
const longestOrder = 1_024;

export async function experiments(visit: Visit, edge: Edge, means: Means): Promise<Answer> {
  return (await authorise(visit, edge)) ?? json(200, { experiments: await means.experiments(edge) });
}

/** `{ "resume": NAME }`. */
export async function resume(visit: Visit, edge: Edge, means: Means): Promise<Answer> {
  const refusal = await authorise(visit, edge);
  if (refusal) return refusal;
  const name = nameIn(await read(visit.request));
  if (name === undefined) return wrong("", 'It is no order such as {"resume":"checkout"}.');
  if (!(await means.resume(name, edge))) return wrong("resume", "There is no experiment of that name.");
  visit.trail.note("edge", `resume:${name}`);
  return json(200, { resumed: name });
}

/** In the form in which what is wrong with an order to purge is told. */
function wrong(at: string, says: string): Answer {
  return { ...json(400, { problems: [{ at, says }] }), because: "bad-order" };
}

async function read({ body }: Request): Promise<string> {
  const bytes = body && (await readWhole(body, longestOrder).catch(() => undefined));
  return new TextDecoder().decode(bytes ?? undefined);
}

/** Undefined when it is no such order. */
function nameIn(order: string): string | undefined {
  try {
    const { resume: name } = JSON.parse(order) as { readonly resume?: unknown };
    return typeof name === "string" ? name : undefined;
  } catch {
    return undefined;
  }
}
