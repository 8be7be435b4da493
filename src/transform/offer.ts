/** What an answer is offered in besides its plain form, whoever asks: found once, when rules have had their word, and told in `Vary`. */
import type { Answer } from "../answer.ts";
import type { Compression } from "../config/compress.ts";
import type { Fields } from "../http/fields.ts";
import { essence, isOfType } from "../http/media-type.ts";
import { varyBy } from "../http/vary.ts";
import type { Planned } from "../visit.ts";
import { isFit } from "./dictionary/fit.ts";
import { forbidsTransform } from "./open.ts";
import type { Whole } from "./representation.ts";

/** Nothing of it depends on this client, or on what of the whole it gets. */
export interface Offer {
  /** Some client would get it compressed. */
  readonly isCompressible: boolean;
  /** It may be a dictionary, and come as a delta. */
  readonly isFit: boolean;
}

/** The offer, which is told in place: a part's `Vary` is that of its whole (RFC 9110 §15.3.7), and so is that of a 304. */
export function offer(visit: Planned, answer: Answer, { whole, isCoded, settings }: Offering): Offer {
  const { compress: compressing, dictionary } = visit.finishing;
  const offered = {
    isCompressible: compressing.enabled && isCompressible(answer.fields, whole, settings),
    isFit: compressing.enabled && dictionary !== undefined && isFit(visit, answer, { whole, settings }),
  };
  const isVaried = isCoded || offered.isCompressible || offered.isFit;
  if (isVaried) varyBy(answer.fields, "Accept-Encoding");
  // Of one whose length isn't known yet there may be deltas later.
  if (isVaried && dictionary && compressing.enabled) varyBy(answer.fields, "Available-Dictionary");
  return offered;
}

interface Offering {
  readonly whole: Whole;
  /** It came in a coding that is undone for some. */
  readonly isCoded: boolean;
  readonly settings: Compression;
}

/** Parts, and what has no body of its own. */
const never: ReadonlySet<number> = new Set([204, 206, 304, 416]);

/** Whether what has these fields is worth compressing, and may be. */
export function isCompressible(fields: Fields, { status, length }: Whole, { types, minimum }: Compression): boolean {
  if (never.has(status) || fields.has("content-encoding")) return false;
  if (length !== undefined && (length === 0 || length < minimum)) return false;
  const type = essence(fields.get("content-type"));
  return type !== "text/event-stream" && isOfType(types, type) && !forbidsTransform(fields);
}
