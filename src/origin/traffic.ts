/** Bytes of answers, as they fade with time. */
import type { Traffic } from "../origin-state.ts";

/** In milliseconds, in which bytes lose two thirds of their weight. */
const fading = 10_000;

/** Those of the last seconds. */
export function recent({ sum, at }: Traffic, now: number): number {
  return sum * Math.exp(Math.min(0, at - now) / fading);
}

/** Counts further ones. */
export function add(traffic: Traffic, bytes: number, now: number): void {
  traffic.sum = recent(traffic, now) + bytes;
  traffic.at = now;
}
