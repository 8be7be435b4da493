import type { TrailStep } from "../trail.ts";

/**
 * What the visit waited for, as Server-Timing metrics: `cache;dur=3, origin;dur=41`. Only the rooms' names: a decision
 * may name an origin. Undefined when it waited for nothing.
 */
export function serverTiming(steps: readonly TrailStep[]): string | undefined {
  let metrics: string | undefined;
  for (const { room, ms } of steps) {
    if (ms === undefined) continue;
    const metric = `${room};dur=${Math.round(ms)}`;
    metrics = metrics === undefined ? metric : `${metrics}, ${metric}`;
  }
  return metrics;
}
