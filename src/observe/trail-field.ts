import type { Room, TrailStep } from "../trail.ts";

const journey = [
  "site",
  "scrub",
  "route",
  "cache",
  "shield",
  "origin",
  "transform",
  "count",
  "edge",
] as const satisfies readonly Room[];

const unsafe = /[^\w\-.:/;,=+*@]/g;
const longest = 80;

/**
 * The trail for the client's eyes: one token a room, in the order of the journey, such as
 * `site=www; scrub=clean;bot=curl; cache=miss; origin=frankfurt:timeout+virginia:200`. Only between rooms is there a space.
 */
export function trailField(steps: readonly TrailStep[]): string {
  return journey
    .map((room) => [room, decisions(room, steps)] as const)
    .filter(([, decided]) => decided !== "")
    .map(([room, decided]) => `${room}=${decided}`)
    .join("; ");
}

function decisions(of: Room, steps: readonly TrailStep[]): string {
  return steps
    .filter(({ room }) => room === of)
    .map(({ decision }) => decision.slice(0, longest).replace(unsafe, "_"))
    .join("+");
}
