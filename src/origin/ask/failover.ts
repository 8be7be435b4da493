/** When one origin fails, the next; when one is silent, the next beside it. */
import { discard, type Answer } from "../../answer.ts";
import type { Origin } from "../../config/upstream.ts";
import type { Edge } from "../../edge.ts";
import { overtaken } from "../learn.ts";
import { hasContent } from "../request.ts";
import { attempt, isPassing, outcomeOf, type Attempt } from "./attempt.ts";
import { askNext, goOn, setOut, type Turn } from "./course.ts";
import { nobodyAnswered, type Failed } from "./failures.ts";
import { hedgeOf } from "./hedge.ts";
import { beginWait, dueIn, hasFailed, leftTo, look, type Wait, type Waiting } from "./patience.ts";
import { earnRetries } from "./retries.ts";
import { silent, unwanted, type Impatient, type Sendable } from "./sendable.ts";
import { pauseFor } from "./turns.ts";

/**
 * The first good answer of these origins, asked in order; those that gave none are asked again after all others.
 * When none is good, the last that an origin gave all the same: its own 503 tells the client more than ours.
 * @throws EdgeError (source "origin") when no origin gave any answer; what {@link attempt} throws.
 */
export function failover(origins: readonly Origin[], sendable: Sendable, edge: Edge): Promise<Answer> {
  const { trail, site } = sendable.visit;
  const { retry } = site.asking;
  const state = edge.fleet.site(site.name);
  earnRetries(state, retry, edge.now());
  const { repeat, deadline } = sendable;
  const waiting: Waiting = {
    course: setOut(origins),
    going: { repeat, deadline, retry, site: state, edge },
    hedge: hedgeOf(sendable, edge),
    hasContent: hasContent(sendable.visit),
    note: (decision, ms) => trail.note("origin", decision, ms),
  };
  return new Failover(sendable, waiting, edge).run();
}

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

/** One visit's requests: at most one, unless it lost its patience. */
class Failover {
  readonly #sendable: Sendable;
  readonly #waiting: Waiting;
  readonly #edge: Edge;
  readonly #runs = new Set<Run>();
  readonly #failures: Failed[] = [];
  readonly #done = Promise.withResolvers<Answer>();
  #poor: Answer | undefined;
  #isOver = false;

  constructor(sendable: Sendable, waiting: Waiting, edge: Edge) {
    this.#sendable = sendable;
    this.#waiting = waiting;
    this.#edge = edge;
  }

  run(): Promise<Answer> {
    void this.#ask(askNext(this.#waiting.course, this.#edge));
    return this.#done.promise;
  }

  /** Never rejects. */
  async #ask(turn: Turn): Promise<void> {
    try {
      if (turn.asked > 0) await pauseFor(turn, this.#sendable, this.#edge);
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
    const { repeat, visit } = this.#sendable;
    const isUpgrade = visit.plan.kind === "bypass" && visit.plan.because === "upgrade";
    if (repeat !== "always" || isUpgrade) return this.#sendable;
    return { ...this.#sendable, impatient: (giveUp, now) => this.#look(run, giveUp, now) };
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
    if (last.kind === "failed") this.#failures.push({ ...last, origin: turn.origin });
    else {
      discard(this.#poor?.body);
      if (!isPassing(last)) return this.#end(() => this.#done.resolve(last.answer));
      this.#poor = last.answer;
    }
    const next = goOn(course, { turn, last }, going);
    if (next === "wait") return;
    if (typeof next !== "string") return void this.#ask(next);
    note(next);
    this.#end(() => this.#giveWhatThereIs());
  }

  #giveWhatThereIs(): void {
    if (!this.#poor) return this.#done.reject(nobodyAnswered(this.#failures));
    this.#waiting.note(this.#poor.origin!);
    this.#done.resolve(this.#poor);
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
