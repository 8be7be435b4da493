/** When visits are due: one each so many milliseconds, whatever becomes of those before it (no coordinated omission). */
import { setTimeout as sleep } from "node:timers/promises";

export interface Pace {
  /** Visits a second. */
  readonly rate: number;
  readonly seconds: number;
}

/** When a visit was to be sent, and how late that was. Its own time begins when it was due. */
export interface Due {
  /** Milliseconds from the start. */
  readonly due: number;
  /** Milliseconds by which it was sent late: what the machine that all this runs on holds up. */
  readonly late: number;
}

/** Milliseconds: where visits are sent later, edges and origins wait for the processor as long, and figures tell of that. */
export const busy = 100;

/**
 * Has each visit sent when it is due, or as soon after as this process gets to it. Resolves when the last one is sent.
 * @param now milliseconds from the start; below 0 before it.
 */
export async function keepPace(
  { rate, seconds }: Pace,
  send: (number: number, due: Due) => void,
  now: () => number,
): Promise<void> {
  for (let number = 0; number < rate * seconds; number++) {
    const due = (number / rate) * 1000;
    const early = due - now();
    if (early > 0) await sleep(early);
    send(number, { due, late: now() - due });
  }
}
