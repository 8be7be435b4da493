/**
 * A visit's way from origin to origin: who is asked next, who is asked beside one that takes long, and when there is no more
 * to be done. Pure, over states that are handed in, so that a simulation goes the same way.
 */
import type { Origin, Retry } from "../../config/upstream.ts";
import type { Edge } from "../../edge.ts";
import type { SiteState } from "../../fleet.ts";
import { isUnsent, type Attempt } from "./attempt.ts";
import { isTaken, isWell, prospectOf, type Knowing } from "./prospect.ts";
import { whyNoMore, type Silence, type WhyNoMore } from "./retries.ts";
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
  /** Whether anybody still waits for what comes of it. */
  readonly isWanted: () => boolean;
}

/** These are to be asked, in this order. */
export function setOut(origins: readonly Origin[]): Course {
  return { queue: origins.map((origin) => ({ origin, asked: 0 })), tries: 0, underWay: 0 };
}

/** Who is next is asked. */
export function askNext(course: Course, going: Knowing): Turn {
  return depart(course, take(course, nextOf(course, going)!));
}

/**
 * The first. It stands aside for one that wasn't asked and is well, when it has become full since it was put there, and later on when it
 * has been found unwell; where it is failing and none is well, for the one that was found so the longest ago. Undefined when all have had
 * their say.
 */
function nextOf({ queue, tries }: Course, going: Knowing): Turn | undefined {
  const [first] = queue;
  if (!first) return undefined;
  const isUnwell = tries > 0 ? !isWell(first.origin, going) : prospectOf(first.origin, going) === "failing";
  const isFull = isTaken(first.origin, going.edge);
  if (!isUnwell && !isFull) return first;
  const fresh = queue.filter(({ asked }) => asked === 0);
  const well = fresh.find(({ origin }) => isWell(origin, going));
  // As long as others are well, what ejects it is for its own requests to show.
  if (well) return tries > 0 || isFull ? well : first;
  return (isUnwell ? longestAgo(fresh, going) : undefined) ?? first;
}

/** So that one that is well again is found, whichever it is. */
function longestAgo(fresh: readonly Turn[], { edge }: Knowing): Turn | undefined {
  const inVainAt = ({ origin }: Turn): number => edge.fleet.origin(origin.name).inVainAt;
  return fresh.toSorted((one, other) => inVainAt(one) - inVainAt(other))[0];
}

/**
 * A request is over and brought nothing good: who is asked next, or why nobody is; "wait" when others are under way. An origin
 * that answered has had its say, whatever that was: to ask it again would bring the same.
 */
export function goOn(course: Course, { turn, last }: Over, going: Going): Turn | "wait" | WhyNoMore {
  course.underWay--;
  if (last.kind === "failed" && !isUnsent(last)) course.queue.push({ origin: turn.origin, asked: turn.asked + 1 });
  const why = whyNot(course, last, going);
  if (why === undefined) return askNext(course, going);
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
export function askBeside(course: Course, { origin }: Turn, going: Going): Turn | WhyNoMore {
  const fresh = findFresh(course, going);
  const { peak } = going.edge.fleet.origin(origin.name);
  return (
    whyNot(course, peak.mean === undefined ? "unheard" : "silent", going, fresh) ?? depart(course, take(course, fresh!))
  );
}

/** Whether somebody could be asked beside. */
export function isAnyFresh({ queue, tries }: Course, { retry }: Pick<Going, "retry">): boolean {
  return tries < retry.tries && queue.some(({ asked }) => asked === 0);
}

/** The one that would be asked beside another: none that has failed the visit, and rather one that is well. */
export function findFresh({ queue }: Course, going: Knowing): Turn | undefined {
  const fresh = queue.filter(({ asked }) => asked === 0);
  return fresh.find(({ origin }) => isWell(origin, going)) ?? fresh[0];
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

/** Why nobody else is asked; undefined when somebody is, and then it is paid for. @param next who it would be. */
export function whyNot(
  course: Course,
  last: Attempt | Silence,
  going: Going,
  next = nextOf(course, going),
): WhyNoMore | undefined {
  const { repeat, deadline, retry, site, edge, isWanted } = going;
  if (!isWanted()) return "nobody-waits";
  const left = next && prospectOf(next.origin, going);
  return whyNoMore({ repeat, deadline, tries: course.tries, last, left }, retry, { site, now: edge.now() });
}
