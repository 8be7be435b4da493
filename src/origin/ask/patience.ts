/**
 * When a request takes so long that another origin is asked beside: when the first takes longer than it usually does, where the
 * site hedges, and when the origin is silent for far longer than that, everywhere. Pure, over states that are handed in.
 */
import type { Hedge } from "../../config/upstream.ts";
import type { Edge } from "../../edge.ts";
import type { OriginState } from "../../origin-state.ts";
import { crowdLostAt, crowdPatience, failureAfter, patienceInDoubt, patienceWith } from "../health/silence.ts";
import { askBeside, depart, findFresh, isAnyFresh, take, type Course, type Going, type Turn } from "./course.ts";
import { delayOf, mayHedge } from "./hedge.ts";
import { standingOf, type Standing } from "./standing.ts";

/** One request of a visit whose header is waited for. Times are milliseconds since the epoch. */
export interface Wait {
  readonly turn: Turn;
  readonly askedAt: number;
  /** How well its origin was known to be then. */
  readonly standing: Standing;
  /** Content takes its own time on the way: its request isn't among those by which the origin's silence is told. */
  readonly takesItsTime: boolean;
  /** When the next is asked, because this is taking longer than usual; undefined when that isn't done, or is done. */
  hedgeAt: number | undefined;
  /** Before that, patience isn't lost (again). */
  notBefore: number;
  /** The origin was silent for too long, and another was asked, if there was one. */
  isLost: boolean;
}

/** What the visit does about waiting. */
export interface Waiting {
  readonly course: Course;
  readonly going: Going & { readonly edge: Pick<Edge, "config" | "fleet" | "now"> };
  /** How it is hedged; undefined when it isn't. */
  readonly hedge: Hedge | undefined;
  readonly takesItsTime: boolean;
  readonly note: (decision: string, ms?: number) => void;
}

/** It was sent just now. @param isFirst nobody else was asked for the visit before. */
export function beginWait(turn: Turn, { hedge, going, takesItsTime, course }: Waiting, isFirst: boolean): Wait {
  const { edge } = going;
  const askedAt = edge.now();
  const delay = isFirst && hedge ? delayOf(turn.origin, hedge, edge) : undefined;
  return {
    turn,
    askedAt,
    standing: standingOf(turn, course, edge.fleet),
    takesItsTime,
    hedgeAt: delay === undefined ? undefined : askedAt + delay,
    notBefore: 0,
    isLost: false,
  };
}

/** Milliseconds until {@link look} has something to do; undefined when it never will have. */
export function dueIn(wait: Wait, waiting: Waiting, now: number): number | undefined {
  const { course, going } = waiting;
  if (!isAnyFresh(course, going)) return undefined;
  const hedgeAt = wait.hedgeAt ?? Number.POSITIVE_INFINITY;
  const at = wait.isLost ? hedgeAt : Math.min(hedgeAt, lostAt(wait, going), crowdAt(wait, going, now));
  return Number.isFinite(at) ? Math.max(0, at - now) : undefined;
}

/** Whom to ask beside it, if it has been waited for long enough, and that may be. */
export function look(wait: Wait, waiting: Waiting, now: number): Turn | undefined {
  const { course, going, note } = waiting;
  if (!isAnyFresh(course, going)) return undefined;
  if (wait.hedgeAt !== undefined && now >= wait.hedgeAt) {
    wait.hedgeAt = undefined;
    return hedgeIt(waiting);
  }
  if (wait.isLost || now < lostAt(wait, going)) return undefined;
  const { name } = wait.turn.origin;
  const next = askBeside(course, wait.turn, going);
  if (typeof next !== "string") {
    wait.isLost = true;
    note(`silent:${name}`, now - wait.askedAt);
    return next;
  }
  if (wait.notBefore === 0) note(`silent:${name}=${next}`);
  wait.notBefore = Math.min(now + patience(wait, going), crowdAt(wait, going, now));
  return undefined;
}

function hedgeIt({ course, going, note }: Waiting): Turn | undefined {
  const second = findFresh(course, going)!;
  const why = going.isWanted() ? undefined : "nobody-waits";
  const isPaid = why === undefined && mayHedge(going.site, going.edge.now());
  note(isPaid ? `hedge:${second.origin.name}` : (why ?? "hedge-budget-spent"));
  if (!isPaid) return undefined;
  return depart(course, take(course, second));
}

/**
 * One that is silent already, or doubtful, is only given the time that an answer takes, and one on trial no time at all: nobody
 * is to wait for what has failed so often.
 */
function lostAt(wait: Wait, going: Going): number {
  const { standing, askedAt, notBefore } = wait;
  const whole = patience(wait, going);
  if (standing === "trial") return Number.isFinite(whole) ? Math.max(askedAt, notBefore) : whole;
  const brief = whole * patienceInDoubt;
  const silentAt = quietSince(wait, going) + (standing === "doubtful" ? brief : whole);
  const crowdAt = isAdaptive(wait, going) ? crowdLostAt(stateOf(wait.turn, going.edge)) : undefined;
  return Math.max(Math.min(silentAt, crowdAt ?? silentAt), askedAt + brief, notBefore);
}

/** When it may have been lost among others who ask the same origin in vain, of whom nobody knows yet; where that is far earlier. */
function crowdAt(wait: Wait, going: Going, now: number): number {
  const ms = isAdaptive(wait, going) ? crowdPatience(stateOf(wait.turn, going.edge)) : undefined;
  return ms !== undefined && ms < patience(wait, going) / 2 ? now + ms : Number.POSITIVE_INFINITY;
}

/**
 * What becomes of it when another's answer is taken: so many milliseconds may pass until its origin has failed by its silence, 0
 * when it has; undefined when it is just let go of.
 */
export function leftTo(wait: Wait, going: Going): number | undefined {
  if (!wait.isLost) return undefined;
  const after = isAdaptive(wait, going)
    ? failureAfter(stateOf(wait.turn, going.edge), going.site.pace.mean)
    : patience(wait, going);
  return Math.max(0, quietSince(wait, going) + after - going.edge.now());
}

/** Whether nothing was heard of its origin for as long as one has patience. */
export function hasFailed(wait: Wait, going: Going): boolean {
  return leftTo(wait, going) === 0;
}

/** When its origin was last heard of, or first waited for. */
function quietSince({ turn, askedAt, takesItsTime }: Wait, { edge }: Going): number {
  const { since } = stateOf(turn, edge).unheard;
  return takesItsTime ? Math.max(since, askedAt) : since;
}

/**
 * What is usual is known of requests without content alone: work that a PUT asks for takes its own time, and must not be asked
 * of the next one because of that. A time that the site gives is its own to choose.
 */
function patience(wait: Wait, going: Going): number {
  const { patience } = going.retry;
  if (patience !== "adaptive") return patience;
  return isAdaptive(wait, going) ? patienceWith(stateOf(wait.turn, going.edge)) : Number.POSITIVE_INFINITY;
}

/** Whether it is told by what is known of the origin. */
function isAdaptive({ takesItsTime }: Wait, { retry }: Going): boolean {
  return retry.patience === "adaptive" && !takesItsTime;
}

function stateOf({ origin }: Turn, { fleet }: Pick<Edge, "fleet">): OriginState {
  return fleet.origin(origin.name);
}
