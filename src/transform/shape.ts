/** Bodies as the rules want them: what is the same for everyone before the store, what is for one visit after it. */
import type { Answer } from "../answer.ts";
import type { Shape, Wording } from "../config/shape.ts";
import type { Fields } from "../http/fields.ts";
import { essence, parameter } from "../http/media-type.ts";
import { markPrivate } from "../http/private.ts";
import type { Planned } from "../visit.ts";
import { decode } from "./coding.ts";
import { followIncludes, mayHoldTags } from "./esi/esi.ts";
import type { Include } from "./esi/fragment.ts";
import { readCharset } from "./html/charset.ts";
import { joinPages, rewritePage, type PageShape } from "./html/page.ts";
import type { Mapping } from "./mapping.ts";
import { isOpen, isReadable } from "./open.ts";
import { markChanged } from "./representation.ts";
import { isForText, replaceText } from "./text/text.ts";

/** What is done to a body: by a rule, or by the edge itself. */
type Stage = Exclude<Shape, { kind: "html" }> | PageShape;

/** One way of changing bodies. */
interface Shaper<S extends Stage> {
  /** Whether it is for bodies of that media type, in lower case. */
  readonly takes: (type: string, shape: S) => boolean;
  /** The body as it streams by, in no coding, in UTF-8. */
  readonly through: (body: ReadableStream<Uint8Array>, shaping: Shaping<S>) => ReadableStream<Uint8Array>;
}

/** What is to be done, and for whom. */
export interface Shaping<S extends Stage> {
  readonly shape: S;
  readonly visit: Planned;
  /** The answer's. */
  readonly fields: Fields;
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
  /** How the links of pages are mapped; absent after the store. */
  readonly links?: Mapping;
}

const shapers: { readonly [K in Stage["kind"]]: Shaper<Extract<Stage, { kind: K }>> } = {
  esi: { takes: mayHoldTags, through: followIncludes },
  html: { takes: (type) => type === "text/html", through: rewritePage },
  text: { takes: isForText, through: replaceText },
};

/**
 * The answer with its body as the rules' shapes of that side make it, and before the store with the links of pages mapped. Whether
 * a page holds any is known only at its end, so that every page counts as changed (its length and its strong entity tag go),
 * though one without any keeps every byte. A body after the store is this visit's alone: it has no entity tag, because what it
 * would name is another one.
 */
export async function shape(visit: Planned, answer: Answer, standing: Standing): Promise<Answer> {
  const stages = stagesOf(visit, standing).filter((each) => isFor(answer.fields, each));
  if (stages.length === 0 || answer.status === 206 || answer.extent !== undefined) return answer;
  const plain = answer.status === 304 ? answer : await decode(answer);
  const { body, isDamaged } = await begin(plain);
  if (isDamaged) return { ...plain, body };
  const { side, include = nobody } = standing;
  visit.trail.note("transform", `shape-${side}:${stages.map(({ kind }) => kind).join("+")}`);
  markChanged(plain.fields);
  if (side === "after") markOwn(plain.fields);
  const nonce = stages.some((each) => each.kind === "html" && each.nonce) ? visit.nonce : undefined;
  const marked = nonce === undefined ? plain : { ...plain, nonce };
  if (body === null) return { ...marked, body };
  const say = (wording: Wording): string => (typeof wording === "string" ? wording : wording(visit));
  const shaping = { visit, fields: plain.fields, type: typeOf(plain.fields), say, include };
  const through = stages.reduce((stream, each) => shaperOf(each).through(stream, { ...shaping, shape: each }), body);
  return { ...marked, body: through, ...(side === "after" && { own: true }) };
}

/** In the order in which they are done. Links come first, as the origin wrote them. Nonces come last: what is put in by others is marked, too; but not in a page's fragments. */
function stagesOf({ shapes, included }: Planned, { side, links }: Standing): readonly Stage[] {
  const own = shapes.filter((each) => each.side === side);
  const { mapping = [], marking = [], usual = [] } = Object.groupBy(own, partOf);
  const first: readonly Stage[] = links ? [{ kind: "html", side, id: "", edits: [], links }] : [];
  return fused([...first, ...mapping, ...usual, ...(included ? [] : marking)]);
}

function partOf(each: Shape): "mapping" | "marking" | "usual" {
  if (each.kind !== "html") return "usual";
  if (each.scripts) return "mapping";
  return each.nonce ? "marking" : "usual";
}

/** What follows one another in the same parser is done in one go. */
function fused(stages: readonly Stage[]): readonly Stage[] {
  return stages.reduce<readonly Stage[]>((done, each) => {
    const last = done.at(-1);
    const isSame = last?.kind === "html" && each.kind === "html";
    return isSame ? [...done.slice(0, -1), joinPages(last, each)] : [...done, each];
  }, []);
}

/** The body as a stream, and whether it would be damaged: a page may say itself that it isn't in UTF-8. */
async function begin({ body, fields }: Answer) {
  const stream = body === null ? null : new Response(body).body;
  const type = fields.get("content-type");
  if (!stream || essence(type) !== "text/html" || parameter(type, "charset") !== undefined) {
    return { body: stream, isDamaged: false };
  }
  const { body: whole, charset = "utf-8" } = await readCharset(stream);
  return { body: whole, isDamaged: !isReadable(charset) };
}

/** Whether the answer is a part of a page, or of what the rules shape: that takes the whole, for a match may begin before the part. */
export function isPartOfShaped({ shapes }: Planned, { status, fields }: Answer): boolean {
  return status === 206 && [mapping, ...shapes].some((each) => isFor(fields, each));
}

/** Stands for what is done to every page. */
const mapping: Stage = { kind: "html", side: "before", id: "", edits: [] };

/** Whether the shape is for answers with such fields. */
export function isFor(fields: Fields, each: Stage): boolean {
  return isOpen(fields) && shaperOf(each).takes(typeOf(fields), each);
}

function typeOf(fields: Fields): string {
  return essence(fields.get("content-type"));
}

/** There are no fragments before the store. */
const nobody: Include = async () => new Response(null, { status: 404 });

/** The table has each kind's own. */
function shaperOf({ kind }: Stage): Shaper<Stage> {
  return shapers[kind] as unknown as Shaper<Stage>;
}

/** In place. Whoever kept it would have another visit's. */
function markOwn(fields: Fields): void {
  fields.delete("etag").delete("last-modified");
  markPrivate(fields);
}
