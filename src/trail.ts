/** The rooms, in the order of the journey. */
export type Room = "site" | "scrub" | "route" | "cache" | "shield" | "origin" | "transform" | "count" | "edge";

/** One decision: who took it, what it was, and how long what it waited for took. */
export interface TrailStep {
  readonly room: Room;
  /** Short; letters, digits and `-._:/;,=+*@` so that it can stand in a header field. */
  readonly decision: string;
  /** Milliseconds spent waiting, such as for an origin; absent where nothing was waited for. */
  readonly ms?: number;
}

/** The append-only record of what each room decided and why: one mechanism for the log, the trail header and Server-Timing. */
export class Trail {
  readonly #steps: TrailStep[] = [];

  #isWanted = false;
  #later: ((step: TrailStep) => void) | undefined;

  note(room: Room, decision: string, ms?: number): void {
    this.#steps.push(ms === undefined ? { room, decision } : { room, decision, ms });
  }

  /** The same for what may come to light when the answer is on its way, and must not be lost then. */
  noteLate(room: Room, decision: string): void {
    this.note(room, decision);
    this.#later?.({ room, decision });
  }

  /** From now on, `tell` hears what is noted late. */
  tellLater(tell: (step: TrailStep) => void): void {
    this.#later = tell;
  }

  /** Somebody wants the visit in the log, whether it went wrong or not. */
  wantLine(): void {
    this.#isWanted = true;
  }

  get isWanted(): boolean {
    return this.#isWanted;
  }

  get steps(): readonly TrailStep[] {
    return this.#steps;
  }
}

/** A name from the config, such as a rule's, as it can stand in a decision: what can't becomes "-". */
export function tokenOf(name: string): string {
  return name.replace(/[^\w\-.:/+*@]+/g, "-");
}
