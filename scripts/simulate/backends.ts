/** Origins at work: each has so many workers, and what finds none waits its turn. */
import type { Backend } from "./planet.ts";

export interface Backends {
  /** When a worker would begin with what arrives at a time. */
  readonly begins: (origin: number, arrival: number) => number;
  /** Takes on what has arrived, and works on it for so long. @returns when it is done. */
  readonly take: (origin: number, arrival: number, work: number) => number;
}

export function createBackends(origins: readonly Backend[]): Backends {
  const free = origins.map(({ workers }) => new Float64Array(workers));
  /** Of each, the worker that is free first. */
  const first = new Uint32Array(origins.length);
  const begins: Backends["begins"] = (origin, arrival) => Math.max(arrival, free[origin]![first[origin]!]!);
  return {
    begins,
    take(origin, arrival, work) {
      const workers = free[origin]!;
      const done = begins(origin, arrival) + work;
      workers[first[origin]!] = done;
      first[origin] = workers.reduce((best, at, worker) => (at < workers[best]! ? worker : best), 0);
      return done;
    },
  };
}
