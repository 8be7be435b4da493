/** Remembering what was served as a dictionary, so that it is at hand when a client comes back with its hash. */
import type { Answer } from "../../answer.ts";
import type { Dictionary } from "../../config/dictionary.ts";
import type { Edge } from "../../edge.ts";
import { readWhole } from "../../http/stream.ts";
import { quotedString } from "../../http/structured.ts";
import type { Planned } from "../../visit.ts";
import { decode } from "../coding.ts";
import { withSame } from "../representation.ts";
import { longest } from "./fit.ts";
import { dictionaryKey, find, hashOf, keep, keyOf } from "./shelf.ts";

/** `Use-As-Dictionary` (RFC 9842 §2.1). */
export function advert({ match, id }: Dictionary): string {
  return `match=${quotedString(match)}${id === undefined ? "" : `, id=${quotedString(id)}`}`;
}

/**
 * Sees to it, off the visit's path, that the plain bytes of the answer are kept under their hash.
 * @returns the answer, with a body that nobody has read.
 */
export async function remember(visit: Planned, answer: Answer, { rule, edge }: Remembering): Promise<Answer> {
  const { body } = answer;
  const mark = keyOf(visit.url.origin, "dictionary-of", nameOf(visit, answer));
  if (body === null || (await find(edge, mark, "head")) || edge.flights.under(mark)) return answer;
  const [own, copy] = body instanceof ReadableStream ? body.tee() : [body, body];
  const land = edge.flights.begin(mark, visit.id);
  const work = remembered(visit, { ...answer, fields: answer.fields.copy(), body: copy }, { rule, edge, mark });
  edge.defer(work.finally(() => land({ kind: "stored" })));
  return withSame(answer, own);
}

interface Remembering {
  readonly rule: Dictionary;
  readonly edge: Edge;
}

/** Of two answers of one name only one is remembered, which costs no more than a delta. */
function nameOf({ plan }: Planned, { fields }: Answer): string {
  const telling = ["etag", "last-modified", "date", "content-length", "content-encoding"];
  const key = plan.kind === "lookup" ? plan.key : "";
  return [key, ...telling.map((name) => fields.get(name) ?? "")].join(" ");
}

/**
 * What is served goes on being kept: it is looked after again when half of its time is over. So is what is too long to be kept,
 * lest every visit try; what breaks off isn't.
 */
async function remembered(visit: Planned, copy: Answer, { rule, edge, mark }: Marked): Promise<void> {
  const bytes = await plainBytes(copy).catch((error: unknown) => (error instanceof RangeError ? null : undefined));
  if (bytes === undefined) return;
  const now = edge.now();
  if (bytes) {
    const key = dictionaryKey(visit.url.origin, await hashOf(bytes));
    await keep(edge, key, { until: now + rule.ttl, body: bytes });
  }
  await keep(edge, mark, { until: now + rule.ttl / 2, body: null });
}

interface Marked extends Remembering {
  /** The key under which it is known that the answer was remembered. */
  readonly mark: string;
}

/**
 * The body in no coding.
 * @throws RangeError when it is too long; whatever its stream, or undoing its coding, fails with.
 */
export async function plainBytes(answer: Answer): Promise<Uint8Array<ArrayBuffer>> {
  const { body } = await decode(answer);
  return body instanceof Uint8Array ? body : readWhole(new Response(body).body!, longest);
}
