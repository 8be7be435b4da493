/** Content codings for this client: chosen, made, taken from the store, or undone (RFC 9110 §8.4, §12.5.3). */
import { discard, type Answer, type Kept } from "../answer.ts";
import type { Coding, Compression } from "../config/compress.ts";
import type { Edge } from "../edge.ts";
import { acceptance, likedCodings, parseAcceptEncoding } from "../http/accept.ts";
import type { Planned } from "../visit.ts";
import { codingsOf, decode } from "./coding.ts";
import { encodeAtOnce, encodeStream, spelled, type Encoding } from "./encode.ts";
import { countHit, findForm, isRested, makeFormLater } from "./forms.ts";
import { measure } from "./measure.ts";
import { isCompressible } from "./offer.ts";
import { isChangeable } from "./open.ts";
import { codings, planCompression, type CompressionPlan } from "./planner.ts";
import { bodyLength, markChanged, wholeOf } from "./representation.ts";

/**
 * The answer in codings that the client accepts: those that the edge can undo are undone when the client doesn't accept
 * all of them, and with one that it can't they stay, for a coded answer is better than 406 (§12.5.3).
 */
export async function toAcceptable(visit: Planned, answer: Answer): Promise<Answer> {
  if (!isUndoable(answer)) return answer;
  const made = codingsOf(answer.fields);
  const accepted = parseAcceptEncoding(visit.fields.get("accept-encoding"));
  if (made.every((coding) => acceptance(accepted, coding) > 0)) return answer;
  if (answer.body !== null) visit.trail.note("transform", `decode:${made.join("+")}`);
  return decode(answer);
}

/** Whether it is in codings that are undone for some. */
export function isUndoable({ status, fields }: Answer): boolean {
  return codingsOf(fields).length > 0 && status !== 206 && isChangeable(fields);
}

/** How a body is sent. */
type Sending =
  | "whole"
  | "head" // only its fields, which are those of the body that GET would get
  | "304"; // its fields, without those that describe a body

interface CompressOptions {
  readonly edge: Edge;
  readonly sending: Sending;
  /** Milliseconds of CPU that the visit has spent of its budget already. */
  readonly spent?: number | undefined;
}

/** An answer that is offered so, compressed when the client likes that better. */
export async function compress(visit: Planned, answer: Answer, options: CompressOptions): Promise<Answer> {
  const { compress: compressing } = visit.finishing;
  if (answer.body === null && options.sending === "whole") return answer;
  // A further way of coding, which only some clients can undo, is to be chosen here, before those that any may like.
  const accepted = parseAcceptEncoding(visit.fields.get("accept-encoding"));
  const liked = likedCodings(accepted, compressing.codings ?? codings);
  return liked.length === 0 ? answer : encode(visit, answer, { ...options, liked });
}

interface EncodeOptions extends CompressOptions {
  /** Never empty. */
  readonly liked: readonly Coding[];
}

/** The stored form, where there is one; else one made now, and one to be stored made later where that pays. */
async function encode(visit: Planned, answer: Answer, { edge, sending, spent, liked }: EncodeOptions): Promise<Answer> {
  const { compress: settings } = edge.config.settings;
  const { compress: compressing } = visit.finishing;
  const kept = sending === "304" ? undefined : keptOf(answer);
  const hits = kept && sending === "whole" ? countHit(kept, edge) : 0;
  const plan = planCompression({ liked, compressing, settings, spent, kept: kept && { length: kept.length, hits } });
  const wanted = kept && plan.stored && { kept, encoding: plan.stored, levels: compressing.levels };
  const form = wanted && (await findForm(wanted, sending === "head", edge));
  if (form) {
    visit.trail.note("transform", `compress:${spelled(form.encoding)};stored`);
    return coded(answer, { ...form, body: sending === "whole" ? form.body : null });
  }
  const notLater = plan.notLater ?? (wanted && isRested(wanted, edge) ? undefined : "rests");
  // What has no body is compressed neither now nor later.
  if (sending === "head") visit.trail.note("transform", `compress:${spelled(plan.now)};head`);
  if (sending === "whole") visit.trail.note("transform", `compress:${told({ ...plan, notLater })}`);
  if (wanted && sending === "whole" && !notLater) makeFormLater(wanted, edge);
  return encodeNow(answer, plan.now);
}

/** The stored answer that it is, if nobody has changed its body since it came. */
function keptOf(answer: Answer): Kept | undefined {
  const { kept, body } = answer;
  return kept && body === kept.body && bodyLength(answer) === kept.length ? kept : undefined;
}

/** For the trail: what is made now, and what later, or why not: "zstd-3;later=br-11", "zstd-3;not-later=first". */
function told({
  now,
  stored,
  notLater,
}: Pick<CompressionPlan, "now" | "stored"> & { readonly notLater: string | undefined }): string {
  return `${spelled(now)};${notLater ? `not-later=${notLater}` : `later=${spelled(stored!)}`}`;
}

function encodeNow(answer: Answer, encoding: Encoding): Answer {
  const body = typeof answer.body === "string" ? new TextEncoder().encode(answer.body) : answer.body;
  if (body === null) return coded(answer, { encoding, body, length: undefined });
  const whole = body instanceof Uint8Array ? encodeAtOnce(body, encoding) : undefined;
  if (whole) return coded(answer, { encoding, body: whole, length: whole.byteLength });
  const stream = body instanceof Uint8Array ? new Response(body).body! : body;
  const encoded = encodeStream(stream, encoding, bodyLength(answer));
  return coded(answer, { encoding, body: encoded, length: undefined });
}

interface Coded extends Pick<Answer, "body"> {
  readonly encoding: Encoding;
  readonly length: number | undefined;
}

/** The answer with that body, which is its own in that coding. A plain one that isn't read any more is let go. */
function coded(answer: Answer, { encoding, body, length }: Coded): Answer {
  discard(answer.body);
  const { fields } = answer;
  markChanged(fields);
  fields.set("content-encoding", encoding.coding);
  if (length !== undefined) fields.set("content-length", String(length));
  return { ...answer, body };
}

/**
 * The answer with the length of its body, when that decides whether it is worth compressing, and the body is short enough
 * to be worth a look.
 */
export async function weigh(answer: Answer, settings: Compression): Promise<Answer> {
  const { body } = answer;
  if (!(body instanceof ReadableStream) || bodyLength(answer) !== undefined) return answer;
  return isCompressible(answer.fields, wholeOf(answer), settings)
    ? measure({ ...answer, body }, settings.minimum)
    : answer;
}
