/** How an answer is to be compressed: which coding, how hard, now or later, or never. Pure. */
import type { Coding, Compressing, Compression } from "../config/compress.ts";
import type { Encoding } from "./encode.ts";

/** What the choice goes by. */
export interface Weighing {
  /** The codings that the client likes best, all equally; never empty. In the order of the settings, or of {@link codings}. */
  readonly liked: readonly Coding[];
  readonly compressing: Compressing;
  readonly settings: Pick<Compression, "budget" | "after" | "largest">;
  /** The stored answer that it is; undefined when it is none whose form could be kept. */
  readonly kept: Kept | undefined;
  /** Milliseconds of CPU that the visit has spent of its budget already; none when absent. */
  readonly spent?: number | undefined;
}

interface Kept {
  /** Bytes of the plain body. */
  readonly length: number;
  /** How often this isolate has served these bytes, this time included. */
  readonly hits: number;
}

export interface CompressionPlan {
  /** What is made while the client waits, unless a form is stored. */
  readonly now: Encoding;
  /** What a stored form is to be in; undefined when none is kept. */
  readonly stored: Encoding | undefined;
  /** Why that isn't made now behind the client's back; undefined when it is. */
  readonly notLater: NotLater | undefined;
}

/** Why no form is made to be stored. The trail says it. */
export type NotLater =
  | "not-stored" // the answer isn't from the store
  | "off" // a rule or the settings say so
  | "large" // the body is
  | "budget" // any coding would take more CPU than may be spent, or than a delta has left of that
  | "first"; // too few have asked for it so far

/** All codings, as they are best while a client waits. */
export const codings: readonly Coding[] = ["zstd", "br", "gzip"];

/** Of zstd-3, br-4 and gzip-6, on pages and bundles, zstd takes a third of the CPU of the others; br has the fewest bytes. */
const fast: Readonly<Record<Coding, number>> = { zstd: 3, br: 4, gzip: 6 };

/** How hard a coding can be worked at, and what that costs. */
interface Effort extends Encoding {
  /** Bytes a millisecond of CPU, on pages and bundles; two thirds of the least that was measured of bodies of 50 KB and more. */
  readonly speed: number;
  /** Milliseconds that it takes besides, however short the body is. */
  readonly start: number;
}

/** Those that come to the fewest bytes first. Within one coding, the slower ones come to fewer. */
const efforts: readonly Effort[] = [
  { coding: "br", level: 11, speed: 470, start: 2 },
  { coding: "br", level: 10, speed: 1_200, start: 2 },
  { coding: "zstd", level: 19, speed: 2_600, start: 1 },
  { coding: "br", level: 9, speed: 9_000, start: 0.5 },
  { coding: "br", level: 5, speed: 17_000, start: 0.5 },
  { coding: "zstd", level: 9, speed: 18_000, start: 0.5 },
  { coding: "gzip", level: 9, speed: 8_000, start: 0.5 },
  { coding: "zstd", level: 6, speed: 33_000, start: 0.5 },
  { coding: "br", level: 4, speed: 25_000, start: 0.5 },
  { coding: "gzip", level: 6, speed: 15_000, start: 0.5 },
  { coding: "zstd", level: 5, speed: 42_000, start: 0.5 },
  { coding: "zstd", level: 3, speed: 45_000, start: 0.5 },
];

export function planCompression(weighing: Weighing): CompressionPlan {
  const { liked, compressing, kept } = weighing;
  const now = { coding: liked[0]!, level: levelNow(liked[0]!, compressing) };
  const unkept = whyUnkept(weighing);
  if (unkept || !kept) return { now, stored: undefined, notLater: unkept };
  const best = bestWithin(weighing, kept.length);
  return { now, stored: best && atLevel(best, compressing), notLater: whyNotLater(weighing, kept, best) };
}

/** A form is kept for long: rather a good one by the next visit than a lesser one with what is left of this one's budget. */
function whyNotLater({ settings, spent = 0 }: Weighing, kept: Kept, best: Effort | undefined): NotLater | undefined {
  if (!best) return "budget";
  if (kept.hits < settings.after) return "first";
  return spent > 0 && spent + costOf(best, kept.length) > settings.budget ? "budget" : undefined;
}

function levelNow(coding: Coding, { levels }: Compressing): number {
  const level = levels[coding];
  return typeof level === "number" ? level : fast[coding];
}

function whyUnkept({ kept, compressing, settings }: Weighing): NotLater | undefined {
  if (!kept) return "not-stored";
  if (!compressing.store) return "off";
  return kept.length > settings.largest ? "large" : undefined;
}

/** What of the client's codings comes to the fewest bytes within the budget; in an order that is set, of the first alone. */
function bestWithin({ liked, compressing, settings }: Weighing, length: number): Effort | undefined {
  const mayBe = compressing.codings ? liked.slice(0, 1) : liked;
  return efforts.find(
    (effort) =>
      mayBe.includes(effort.coding) && isWanted(effort, compressing) && costOf(effort, length) <= settings.budget,
  );
}

function atLevel({ coding, level }: Effort, { levels }: Compressing): Encoding {
  const wanted = levels[coding];
  return { coding, level: typeof wanted === "number" ? wanted : level };
}

/** A level that is set costs what the next higher one does that is known. */
function isWanted({ coding, level }: Effort, { levels }: Compressing): boolean {
  const wanted = levels[coding];
  if (wanted === "best") return true;
  if (wanted === "fast") return level === fast[coding];
  const known = efforts.filter((each) => each.coding === coding && each.level >= wanted);
  return known.at(-1)?.level === level;
}

/** Milliseconds of CPU. */
function costOf({ speed, start }: Pick<Effort, "speed" | "start">, length: number): number {
  return start + length / speed;
}

/** Of two versions of a bundle, a fifth of which may be new. */
const delta = { speed: 15_000, start: 1 };

/** Milliseconds of CPU that a delta takes. @param length bytes of dictionary and content together. */
export function costOfDelta(length: number): number {
  return costOf(delta, length);
}
