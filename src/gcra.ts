/**
 * The generic cell rate algorithm (ITU-T I.371, as the virtual scheduling algorithm). Its whole state for one key is one
 * number, the theoretical arrival time ("TAT"): when the bucket is full again. A time in the past, such as 0, is a full one.
 * All times in milliseconds.
 */

/** A bucket of `burst` tokens, into which one comes back every `interval` milliseconds. */
export interface Quota {
  readonly interval: number;
  readonly burst: number;
}

/** Of a millisecond: as much do fractions of one add up to. */
const slack = 0.001;

/** How long until so many tokens can be taken; 0 when they can now. */
export function waitFor(tat: number, now: number, { interval, burst }: Quota, tokens = 1): number {
  const wait = Math.max(tat - now, 0) + (tokens - burst) * interval;
  return wait > slack ? wait : 0;
}

/** The TAT when so many are taken, whether they are there or not: what was taken too much has to come back first. */
export function taken(tat: number, now: number, { interval }: Quota, tokens = 1): number {
  return Math.max(tat, now) + tokens * interval;
}

/**
 * The TAT when so many were taken over some time, and only now is it told.
 * @param own what the TAT would be if nothing else had been taken: what has come back since they were taken is not counted again.
 */
export function takenLately(tat: number, own: number, { interval }: Quota, tokens: number): number {
  return Math.max(tat + tokens * interval, own);
}

/** Whole tokens that are there. */
export function left(tat: number, now: number, { interval, burst }: Quota): number {
  const missing = (Math.max(tat - now, 0) - slack) / interval;
  return Math.min(Math.max(Math.floor(burst - missing), 0), burst);
}
