/** `POST /.perigee/purge`: orders what is purged. */
import { refuse, type Answer } from "../answer.ts";
import type { Edge, Mark } from "../edge.ts";
import { joined } from "../http/stream.ts";
import type { Visit } from "../visit.ts";
import { authorise } from "./authorise.ts";
import { json } from "./json.ts";
import { readOrder, toMarks, type Mistake } from "./order.ts";

/** Bytes of an order at most. */
const longestOrder = 64 << 10;

/** Marks what is ordered, and tells how far and how soon that holds. Nothing of an order is marked when any of it is wrong. */
export async function purge(visit: Visit, edge: Edge): Promise<Answer> {
  const refusal = await authorise(visit, edge);
  if (refusal) return refusal;
  const text = await readText(visit.request);
  if (text === undefined) return refuse("order-too-large");
  const order = readOrder(text, siteNames(edge));
  if (!("soft" in order)) return wrong(order);

  const at = edge.now();
  const marks = toMarks(order, at);
  visit.trail.note(
    "edge",
    `${order.soft ? "soft-purge" : "purge"}:${countsOf(marks)
      .map(([scope, n]) => `${scope}=${n}`)
      .join(",")}`,
  );
  await edge.marks.add(marks);
  return json(200, {
    at: new Date(at).toISOString(),
    soft: order.soft,
    purged: Object.fromEntries(countsOf(marks)),
    marks: marks.map(({ scope, name }) => ({ scope, name })),
    ...reachOf(edge),
  });
}

/** How far a purge goes, and in how many seconds. */
function reachOf({ marks }: Edge): object {
  const { everywhereWithin } = marks;
  if (everywhereWithin !== undefined) return { reach: "everywhere", within: Math.ceil(everywhereWithin / 1000) };
  return { reach: "isolate", note: "Only the process that took this order forgets: bind a KV namespace as PURGES." };
}

function countsOf(marks: readonly Mark[]): readonly (readonly [scope: string, number: number])[] {
  return [...Map.groupBy(marks, ({ scope }) => scope)].map(([scope, { length }]) => [scope, length]);
}

function siteNames({ config: { sites } }: Edge): readonly string[] {
  const all = [...sites.exact.values(), ...sites.wildcard.values(), ...(sites.any ? [sites.any] : [])];
  return [...new Set(all.map(({ name }) => name))];
}

/** The request's body; undefined when it is too long, and then the rest of it is let go. */
async function readText({ body }: Request): Promise<string | undefined> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of (body ?? []) as AsyncIterable<Uint8Array>) {
    size += chunk.byteLength;
    if (size > longestOrder) return undefined;
    chunks.push(chunk);
  }
  return new TextDecoder().decode(joined(chunks));
}

function wrong(mistakes: readonly Mistake[]): Answer {
  return { ...json(400, { problems: mistakes }), because: "bad-order" };
}
