/** Bodies as the rules want them: what is the same for everyone before the store, what is for one visit after it. */
import type { Answer } from "../answer.ts";
import type { Shape, Wording } from "../config/shape.ts";
import type { Fields } from "../http/fields.ts";
import { essence } from "../http/media-type.ts";
import { markPrivate } from "../http/private.ts";
import type { Planned } from "../visit.ts";
import { codingOf, decode } from "./coding.ts";
import { editHtml } from "./html/edit.ts";
import { isOpen } from "./open.ts";
import { markChanged } from "./representation.ts";

/** One way of changing bodies. */
interface Shaper<S extends Shape> {
  /** Whether it is for bodies of that media type, in lower case. */
  readonly takes: (type: string, shape: S) => boolean;
  /** The body as it streams by, in no coding, in UTF-8. */
  readonly through: (body: ReadableStream<Uint8Array>, shaping: Shaping<S>) => ReadableStream<Uint8Array>;
}

/** What is to be done, and for whom. */
export interface Shaping<S extends Shape> {
  readonly shape: S;
  /** The text as it is for this visit. */
  readonly say: (wording: Wording) => string;
}

const shapers: { readonly [K in Shape["kind"]]: Shaper<Extract<Shape, { kind: K }>> } = {
  html: { takes: (type) => type === "text/html", through: editHtml },
};

/**
 * The answer with its body as the rules' shapes of that side make it. A body after the store is this visit's alone: it has no
 * entity tag, because what it would name is another one.
 */
export async function shape(visit: Planned, answer: Answer, side: Shape["side"]): Promise<Answer> {
  const wanted = visit.shapes.filter((each) => each.side === side && isFor(answer.fields, each));
  if (wanted.length === 0 || answer.status === 206 || answer.extent !== undefined) return answer;
  visit.trail.note("transform", `shape-${side}:${wanted.map(({ kind }) => kind).join("+")}`);
  const plain = answer.status === 304 || codingOf(answer.fields) === "" ? answer : await decode(answer);
  markChanged(plain.fields);
  if (side === "after") markOwn(plain.fields);
  if (plain.body === null) return plain;
  const say = (wording: Wording): string => (typeof wording === "string" ? wording : wording(visit));
  const body = wanted.reduce((stream, each) => through(stream, { shape: each, say }), new Response(plain.body).body!);
  return { ...plain, body, ...(side === "after" && { own: true }) };
}

/** Whether the answer is a part of what the rules shape: that takes the whole, for a match may begin before the part. */
export function isPartOfShaped({ shapes }: Planned, { status, fields }: Answer): boolean {
  return status === 206 && shapes.some((each) => isFor(fields, each));
}

function isFor(fields: Fields, each: Shape): boolean {
  return isOpen(fields) && shaperOf(each).takes(essence(fields.get("content-type")), each);
}

function through(body: ReadableStream<Uint8Array>, shaping: Shaping<Shape>): ReadableStream<Uint8Array> {
  return shaperOf(shaping.shape).through(body, shaping);
}

function shaperOf({ kind }: Shape): Shaper<Shape> {
  return shapers[kind];
}

/** In place. Whoever kept it would have another visit's. */
function markOwn(fields: Fields): void {
  fields.delete("etag").delete("last-modified");
  markPrivate(fields);
}
