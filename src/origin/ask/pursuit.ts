/** Going after an answer: origins are asked in turn, the next one also beside one that is silent. */
import { discard, type Answer } from "../../answer.ts";
import type { Origin } from "../../config/upstream.ts";
import type { Edge } from "../../edge.ts";
import { overtaken } from "../learn.ts";
import { attempt, outcomeOf, type Attempt } from "./attempt.ts";
import { pauseBefore } from "./backoff.ts";
import { arrive, askNext, goOn, type Turn } from "./course.ts";
import { beginWait, dueIn, hasFailed, leftTo, look, type Wait, type Waiting } from "./patience.ts";
import { silent, unwanted, type Impatient, type Sendable } from "./sendable.ts";

/** One request of the visit. */
interface Run {
  readonly turn: Turn;
  readonly startedAt: number;
  /** From when its header is waited for. */
  wait?: Wait;
  giveUp?: GiveUp;
  /** Before that, nobody wants it any more. */
  isUnwanted: boolean;
  /** Resolves when it is over. */
  over?: Promise<unknown>;
}

type GiveUp = Parameters<Impatient>[0];

type Answered = Extract<Attempt, { kind: "answered" }>;

/** What is sent, and what the one who wants an answer makes of those that come. */
export interface Pursuing {
  readonly sendable: Sendable;
  readonly waiting: Waiting;
  readonly edge: Edge;
  /** Whether it is the answer that is wanted: then all others are let go of. */
  readonly accepts: (last: Answered) => boolean;
  /** Gets what came instead; an answer's body is its to discard. */
  readonly refused: (last: Attempt, origin: Origin) => void;
}

/** The requests for one answer: at most one at a time, unless patience is lost. */
export class Pursuit {
  readonly #pursuing: Pursuing;
  readonly #waiting: Waiting;
  readonly #edge: Edge;
  readonly #runs = new Set<Run>();
  readonly #done = Promise.withResolvers<Answer | undefined>();
  #isOver = false;

  constructor(pursuing: Pursuing) {
    this.#pursuing = pursuing;
    this.#waiting = pursuing.waiting;
    this.#edge = pursuing.edge;
  }

  /** The answer; undefined when no origin gave one. @throws what {@link attempt} throws. */
  run(): Promise<Answer | undefined> {
    void this.#ask(askNext(this.#waiting.course, this.#waiting.going));
    return this.#done.promise;
  }

  /** Never rejects. */
  async #ask(turn: Turn): Promise<void> {
    try {
      if (turn.asked > 0) await pauseFor(turn, this.#pursuing.sendable, this.#edge);
      if (this.#isOver) return;
      const run: Run = { turn, startedAt: this.#edge.now(), isUnwanted: false };
      this.#runs.add(run);
      const tried = attempt(turn.origin, this.#watched(run), this.#edge);
      run.over = tried;
      const last = await tried;
      this.#runs.delete(run);
      if (this.#isOver) discardAll(last);
      else this.#came(run, last);
    } catch (error) {
      // What is given up rejects, and nobody is interested.
      if (!this.#isOver) this.#end(() => this.#done.reject(error));
    }
  }

  /** What can't be sent again needn't be impatient. */
  #watched(run: Run): Sendable {
    const { sendable } = this.#pursuing;
    const { repeat, visit } = sendable;
    const isUpgrade = visit.plan.kind === "bypass" && visit.plan.because === "upgrade";
    if (repeat !== "always" || isUpgrade) return sendable;
    return { ...sendable, impatient: (giveUp, now) => this.#look(run, giveUp, now) };
  }

  #look(run: Run, giveUp: GiveUp, now: number): number | undefined {
    if (run.isUnwanted) giveUp(unwanted);
    if (run.isUnwanted) return undefined;
    run.giveUp = giveUp;
    run.wait ??= beginWait(run.turn, this.#waiting, this.#waiting.course.tries === 1);
    if (this.#isOver) return this.#lookBack(run);
    const beside = look(run.wait, this.#waiting, now);
    if (beside) void this.#ask(beside);
    return dueIn(run.wait, this.#waiting, now);
  }

  /** Another's answer was taken while this one still had a moment: whether its origin is well is known then. */
  #lookBack({ wait, giveUp }: Run): undefined {
    giveUp!(hasFailed(wait!, this.#waiting.going) ? silent : unwanted);
  }

  #came({ turn, startedAt }: Run, last: Attempt): void {
    const { note, course, going } = this.#waiting;
    note(turn.origin.name + outcomeOf(last), this.#edge.now() - startedAt);
    if (last.kind === "answered" && this.#pursuing.accepts(last)) {
      arrive(course, turn);
      return this.#end(() => this.#done.resolve(last.answer));
    }
    this.#pursuing.refused(last, turn.origin);
    const next = goOn(course, { turn, last }, going);
    if (next === "wait") return;
    if (typeof next !== "string") return void this.#ask(next);
    note(next);
    this.#end(() => this.#done.resolve(undefined));
  }

  #end(settle: () => void): void {
    this.#isOver = true;
    for (const run of this.#runs) this.#letGo(run);
    settle();
  }

  #letGo(run: Run): void {
    const { wait, giveUp, startedAt, turn } = run;
    const { going, hedge } = this.#waiting;
    if (hedge) overtaken(turn.origin, this.#edge.now() - startedAt, this.#edge);
    const left = wait && leftTo(wait, going);
    if (left !== undefined && left > 0) return this.#leaveBehind(run, left);
    if (giveUp) giveUp(left === 0 ? silent : unwanted);
    else run.isUnwanted = true;
  }

  /** One that was silent gets the time that any gets, behind the visit's back: then it is known whether its origin has failed. */
  #leaveBehind(run: Run, ms: number): void {
    const stop = this.#edge.after(ms, () => this.#lookBack(run));
    this.#edge.defer(run.over!.then(stop, stop));
  }
}

function discardAll(late: Attempt): void {
  if (late.kind === "answered") discard(late.answer.body);
}

/** Before an origin is asked again. */
function pauseFor({ asked }: Turn, { visit }: Sendable, edge: Edge): Promise<void> {
  const ms = pauseBefore(asked, visit.site.asking.retry.backoff, edge.random());
  return new Promise((resolve) => void edge.after(ms, resolve));
}
