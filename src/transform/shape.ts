/** Bodies as the rules want them: what is the same for everyone before the store, what is for one visit after it. */
import type { Answer } from "../answer.ts";
import type { Shape, Wording } from "../config/shape.ts";
import type { Fields } from "../http/fields.ts";
import { essence } from "../http/media-type.ts";
import { markPrivate } from "../http/private.ts";
import type { Planned } from "../visit.ts";
import { codingOf, decode } from "./coding.ts";
import { followIncludes, mayHoldTags } from "./esi/esi.ts";
import type { Include } from "./esi/fragment.ts";
import { editHtml } from "./html/edit.ts";
import { isOpen } from "./open.ts";
import { markChanged } from "./representation.ts";
import { isForText, replaceText } from "./text/text.ts";

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
  readonly visit: Planned;
  readonly include: Include;
  /** The media type of the body, in lower case. */
  readonly type: string;
  /** The text as it is for this visit. */
  readonly say: (wording: Wording) => string;
}

/** On which side of the store the body is, and how its fragments are asked for, where it has any. */
interface Standing {
  readonly side: Shape["side"];
  readonly include?: Include | undefined;
}

const shapers: { readonly [K in Shape["kind"]]: Shaper<Extract<Shape, { kind: K }>> } = {
  esi: { takes: mayHoldTags, through: followIncludes },
  html: { takes: (type) => type === "text/html", through: editHtml },
  text: { takes: isForText, through: replaceText },
};

/**
 * The answer with its body as the rules' shapes of that side make it. A body after the store is this visit's alone: it has no
 * entity tag, because what it would name is another one.
 */
export async function shape(visit: Planned, answer: Answer, { side, include }: Standing): Promise<Answer> {
  const wanted = visit.shapes.filter((each) => each.side === side && isFor(answer.fields, each));
  if (wanted.length === 0 || answer.status === 206 || answer.extent !== undefined) return answer;
  visit.trail.note("transform", `shape-${side}:${wanted.map(({ kind }) => kind).join("+")}`);
  const plain = answer.status === 304 || codingOf(answer.fields) === "" ? answer : await decode(answer);
  markChanged(plain.fields);
  if (side === "after") markOwn(plain.fields);
  if (plain.body === null) return plain;
  const say = (wording: Wording): string => (typeof wording === "string" ? wording : wording(visit));
  const shaping = { visit, type: typeOf(plain.fields), say, include: include ?? nobody };
  const body = wanted.reduce(
    (stream, each) => shaperOf(each).through(stream, { ...shaping, shape: each }),
    new Response(plain.body).body!,
  );
  return { ...plain, body, ...(side === "after" && { own: true }) };
}

/** Whether the answer is a part of what the rules shape: that takes the whole, for a match may begin before the part. */
export function isPartOfShaped({ shapes }: Planned, { status, fields }: Answer): boolean {
  return status === 206 && shapes.some((each) => isFor(fields, each));
}

function isFor(fields: Fields, each: Shape): boolean {
  return isOpen(fields) && shaperOf(each).takes(typeOf(fields), each);
}

function typeOf(fields: Fields): string {
  return essence(fields.get("content-type"));
}

/** There are no fragments before the store. */
const nobody: Include = async () => new Response(null, { status: 404 });

/** The table has each kind's own. */
function shaperOf({ kind }: Shape): Shaper<Shape> {
  return shapers[kind] as unknown as Shaper<Shape>;
}

/** In place. Whoever kept it would have another visit's. */
function markOwn(fields: Fields): void {
  fields.delete("etag").delete("last-modified");
  markPrivate(fields);
}
