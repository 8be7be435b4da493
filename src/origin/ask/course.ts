/**
 * A visit's way from origin to origin: who is asked next, who is asked beside one that takes long, and when there is no more
 * to be done. Pure, over states that are handed in, so that a simulation goes the same way.
 */
import type { Origin, Retry } from "../../config/upstream.ts";
import type { Edge } from "../../edge.ts";
import type { SiteState } from "../../fleet.ts";
import { isFull } from "../health/gate.ts";
import { isSilent } from "../health/silence.ts";
import { isPassing, isUnsent, type Attempt } from "./attempt.ts";
import { whyNoMore, type WhyNoMore } from "./retries.ts";
import type { Sendable } from "./sendable.ts";

/** An origin, and how often it was asked. */
export interface Turn {
  readonly origin: Origin;
  readonly asked: number;
}

/** Where a visit is on its way. */
export interface Course {
  /** Who may be asked yet, in this order. */
  readonly queue: Turn[];
  /** Requests so far, and those of them that aren't over. */
  tries: number;
  underWay: number;
}

/** What the way depends on. */
export interface Going extends Pick<Sendable, "repeat" | "deadline"> {
  readonly retry: Retry;
  readonly site: SiteState;
  readonly edge: Pick<Edge, "config" | "fleet" | "now">;
}

/** These are to be asked, in this order. */
export function setOut(origins: readonly Origin[]): Course {
  return { queue: origins.map((origin) => ({ origin, asked: 0 })), tries: 0, underWay: 0 };
}

/** The first is asked. Later on, one that has been found unwell since it was put there stands aside for one that is well. */
export function askNext(course: Course, edge: Going["edge"]): Turn {
  const { queue, tries } = course;
  return depart(course, tries > 0 && !isWell(queue[0]!, edge) ? takeWell(queue, edge) : takeNext(queue, edge));
}

/** A request is over and brought nothing good: who is asked next, or why nobody is; "wait" when others are under way. */
export function goOn(course: Course, { turn, last }: Over, going: Going): Turn | "wait" | WhyNoMore {
  course.underWay--;
  if (!isPassing(last) && !isUnsent(last)) course.queue.push({ origin: turn.origin, asked: turn.asked + 1 });
  const why = whyNot(course, last, going, course.queue.length > 0);
  if (why === undefined) return askNext(course, going.edge);
  return course.underWay > 0 ? "wait" : why;
}

/** What was wanted has come: all others are let go of. Should its body break off, who gave it may be asked again. */
export function arrive(course: Course, { origin, asked }: Turn): void {
  course.underWay = 0;
  course.queue.push({ origin, asked: asked + 1 });
}

interface Over {
  readonly turn: Turn;
  readonly last: Attempt;
}

/** One is silent: who is asked beside it, or why nobody is. Paid for as any further try. */
export function askBeside(course: Course, going: Going): Turn | WhyNoMore {
  const fresh = findFresh(course, going.edge);
  return whyNot(course, "silent", going, fresh !== undefined) ?? depart(course, take(course, fresh!));
}

/** Whether somebody could be asked beside. */
export function isAnyFresh({ queue, tries }: Course, { retry }: Pick<Going, "retry">): boolean {
  return tries < retry.tries && queue.some(({ asked }) => asked === 0);
}

/** The one that would be asked beside another: none that has failed the visit, and rather one that is well. */
export function findFresh({ queue }: Course, edge: Going["edge"]): Turn | undefined {
  const fresh = queue.filter(({ asked }) => asked === 0);
  return fresh.find((turn) => isWell(turn, edge)) ?? fresh[0];
}

/** It is asked, out of its turn. */
export function take(course: Course, turn: Turn): Turn {
  course.queue.splice(course.queue.indexOf(turn), 1);
  return turn;
}

/** One more is under way. */
export function depart(course: Course, turn: Turn): Turn {
  course.tries++;
  course.underWay++;
  return turn;
}

function whyNot(
  { tries }: Course,
  last: Attempt | "silent",
  { repeat, deadline, retry, site, edge }: Going,
  isAnyLeft: boolean,
): WhyNoMore | undefined {
  const progress = { repeat, deadline, tries, last, isAnyLeft };
  return whyNoMore(progress, retry, { site, now: edge.now() });
}

/** The first of the queue, unless it has become full since it was chosen, and one that is well can be asked at once. */
function takeNext(queue: Turn[], edge: Going["edge"]): Turn {
  const [{ origin }] = queue as [Turn];
  const isFirstFull = isFull(origin, edge.fleet.origin(origin.name), edge.now());
  return isFirstFull ? takeWell(queue, edge) : queue.shift()!;
}

/** The first that wasn't asked and is well; where there is none, the first. */
function takeWell(queue: Turn[], edge: Going["edge"]): Turn {
  const at = queue.findIndex((turn) => turn.asked === 0 && isWell(turn, edge));
  return queue.splice(Math.max(0, at), 1)[0]!;
}

function isWell({ origin }: Turn, { fleet, now, config }: Going["edge"]): boolean {
  const state = fleet.origin(origin.name);
  const at = { now: now(), eject: config.settings.eject };
  return !state.condition.ejection && !isSilent(state, at) && !isFull(origin, state, at.now);
}
