/** Which of several places is nearest on a sphere. */
import type { Position } from "./position.ts";

/** The unit vector from Earth's centre to a place. Two dot products compare two distances, without trigonometry. */
export type Direction = readonly [x: number, y: number, z: number];

const radians = Math.PI / 180;

export function directionOf([latitude, longitude]: Position): Direction {
  const phi = latitude * radians;
  const lambda = longitude * radians;
  const equatorial = Math.cos(phi);
  return [equatorial * Math.cos(lambda), equatorial * Math.sin(lambda), Math.sin(phi)];
}

/**
 * The cosine of the angle between two directions: 1 for the same place, −1 for the opposite one. The greater it is, the
 * shorter is the great circle between them.
 */
export function closeness(a: Direction, b: Direction): number {
  return a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
}

/** Mean radius of the Earth in kilometres. */
const earth = 6371;

/** Kilometres along the great circle between two directions of that closeness. */
export function kilometres(near: number): number {
  return earth * Math.acos(Math.min(1, Math.max(-1, near)));
}
