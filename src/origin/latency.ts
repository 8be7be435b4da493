/** How long origins take to their first byte: what is measured, and how far it can be relied on. */
import { zones, type Latency, type OriginState } from "../origin-state.ts";
import type { Position } from "../geo/position.ts";

/** Milliseconds in which what was measured loses two thirds of its weight: networks and origins change. */
const fading = 300_000;

/** What is left of the weight is nothing. */
const forgotten = 0.05;

/** From 1, just measured, down to 0: never, or so long ago that it says nothing. */
export function trustIn({ mean, at }: Latency, now: number): number {
  if (mean === undefined) return 0;
  const trust = Math.exp(Math.min(0, at - now) / fading);
  return trust < forgotten ? 0 : trust;
}

/** The weight of a new measurement beside all those before it: less, and what has changed is seen late; more, and chance is. */
const newest = 1 / 16;

/** A time as many times as long as it should be shows a trouble that may have passed after so many milliseconds. */
const trouble = { times: 4, passes: 10_000 };

/** Whether what was measured may be over: it is far more than `expected` milliseconds, and not new. */
export function mayHavePassed({ mean, at }: Latency, expected: number, now: number): boolean {
  return mean !== undefined && mean > trouble.times * expected && now - at > trouble.passes;
}

/** In milliseconds, in which a peak loses two thirds of its height when what follows is faster. */
const calming = 10_000;

/** The answer's header came after `ms` milliseconds. */
export function measured(state: OriginState, ms: number, { zone, now }: Measuring): void {
  // A clock that stood still has measured nothing.
  if (ms <= 0) return;
  const latency = state.usual[zone]!;
  // What hardly counts any more must not hold back what is new.
  const weight = 1 - (1 - newest) * trustIn(latency, now);
  const before = mayHavePassed(latency, ms, now) ? ms : (latency.mean ?? ms);
  latency.mean = before + weight * (ms - before);
  latency.at = now;
  peaked(state.peak, ms, now);
  const { typical = ms } = state;
  state.typical = typical * (ms > typical ? rising : falling);
}

/** One step up for four down: then one of five answers takes longer, however much longer that is. */
const falling = 0.95;
const rising = falling ** -4;

/** The same, of an average that jumps to a peak. */
export function peaked(peak: Latency, ms: number, now: number): void {
  peak.mean = peakOf(peak, ms, now);
  peak.at = now;
}

/** When and where from. */
export interface Measuring {
  readonly zone: number;
  /** Milliseconds since the epoch. */
  readonly now: number;
}

/** Slower counts at once, faster by and by: it is better to come back late to an origin that was slow than to insist. */
function peakOf({ mean, at }: Latency, ms: number, now: number): number {
  if (mean === undefined || ms >= mean) return ms;
  const kept = Math.exp(Math.min(0, at - now) / calming);
  return mean * kept + ms * (1 - kept);
}

/** Meridians in thinly peopled parts: between them lie the Americas, Europe and Africa, Asia and the Pacific. */
const meridians = [-170, -30, 60];

/**
 * The part of the world that a place is in. An edge location mostly has clients from around it; what was measured for
 * one from elsewhere (a detour, a visitor of a local run who says where they are) is kept apart.
 * @returns less than `zones`.
 */
export function zoneOf(position: Position | undefined): number {
  if (!position) return zones - 1;
  const west = meridians.filter((meridian) => position[1] >= meridian).length;
  return west % meridians.length;
}
