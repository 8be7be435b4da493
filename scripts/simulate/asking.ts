/**
 * Asking origins for a visit, as events on the simulation's clock: who is asked next, who beside one that is silent and what is
 * learnt of it is the edge's own code; `origin/ask/failover.ts` does the same with real requests.
 */
import { isPassing, type Attempt } from "../../src/origin/ask/attempt.ts";
import { pauseBefore } from "../../src/origin/ask/backoff.ts";
import { askNext, goOn, setOut, type Turn } from "../../src/origin/ask/course.ts";
import { hedgeOf } from "../../src/origin/ask/hedge.ts";
import {
  beginWait,
  dueIn,
  hasFailed,
  leftTo,
  look as lookAt,
  type Wait,
  type Waiting,
} from "../../src/origin/ask/patience.ts";
import { earnRetries } from "../../src/origin/ask/retries.ts";
import { askerOf, rank } from "../../src/origin/choose/choose.ts";
import { answered, begin, ended, overtaken, unanswered, type Asked } from "../../src/origin/learn.ts";
import type { Coming } from "./demand.ts";
import type { Fate, Sending } from "./nature.ts";
import type { Place } from "./place.ts";
import { sliceCount } from "./tally.ts";
import type { World } from "./world.ts";

/** Who wants an answer. */
export interface Want {
  readonly coming: Readonly<Coming>;
  readonly place: Place;
  /** A good answer is here. */
  readonly succeed: (asked: Asked) => void;
  readonly fail: () => void;
}

/** A visit on its way to origins. */
interface Fetch {
  readonly want: Want;
  readonly world: World;
  readonly waiting: Waiting;
  readonly runs: Set<Run>;
  isOver: boolean;
}

/** One request for it. */
interface Run {
  readonly fetch: Fetch;
  readonly turn: Turn;
  readonly asked: Asked;
  readonly wait: Wait;
}

export function ask(want: Want, world: World): void {
  const { visit, edge } = want.place;
  const site = edge.fleet.site(visit.site.name);
  const { retry } = visit.site.asking;
  earnRetries(site, retry, edge.now());
  const ranked = rank(edge.fleet.tiers(visit.pool), visit.balance, askerOf(visit, edge, new Map()));
  const waiting: Waiting = {
    course: setOut(ranked.map(({ origin }) => origin)),
    going: { repeat: "always", deadline: Number.POSITIVE_INFINITY, retry, site, edge, isWanted: () => true },
    hedge: hedgeOf({ visit }, edge),
    takesItsTime: false,
    note: () => {},
  };
  const fetch: Fetch = { want, world, waiting, runs: new Set(), isOver: false };
  take(fetch, askNext(waiting.course, waiting.going));
}

function take(fetch: Fetch, turn: Turn): void {
  if (turn.asked === 0) return send(fetch, turn);
  const { edge, visit } = fetch.want.place;
  const pause = pauseBefore(turn.asked, visit.site.asking.retry.backoff, edge.random());
  fetch.world.agenda.after(pause, () => fetch.isOver || send(fetch, turn));
}

function send(fetch: Fetch, turn: Turn): void {
  const { want, world, waiting } = fetch;
  const { tally, troubles, clock, agenda } = world;
  const { edge, visit } = want.place;
  const origin = world.indices.get(turn.origin.name)!;
  const isFirst = waiting.course.tries === 1;
  const asked = begin(turn.origin, { visit, edge });
  const run: Run = { fetch, turn, asked, wait: beginWait(turn, waiting, isFirst) };
  fetch.runs.add(run);
  const slice = tally.at(clock.now);
  tally.slices.tries[slice]!++;
  if (!isFirst) tally.slices.again[slice]!++;
  troubles.forEach(({ origins }, index) => origins.has(origin) && tally.troubled[index]![slice]!++);
  const sending: Sending = { ...want.coming, origin, at: clock.now };
  // Others that were sent later may arrive before: what becomes of it is only known there.
  agenda.after(world.nature.trip(sending) / 2, () => arriveThere(run, sending));
  lookLater(run);
}

/** It has been waited for: perhaps for too long. */
function look(run: Run): void {
  const { fetch, wait } = run;
  if (fetch.isOver || !fetch.runs.has(run)) return;
  const beside = lookAt(wait, fetch.waiting, fetch.want.place.edge.now());
  if (beside) take(fetch, beside);
  lookLater(run);
}

function lookLater(run: Run): void {
  const { waiting, world, want } = run.fetch;
  const due = dueIn(run.wait, waiting, want.place.edge.now());
  if (due !== undefined) world.agenda.after(due, () => look(run));
}

function arriveThere(run: Run, sending: Sending): void {
  const { world, want } = run.fetch;
  const { nature, tally, planet, clock, agenda } = world;
  const fate = nature.arrive(sending);
  const timeout = sending.at + want.place.visit.site.asking.timeouts.header;
  if (fate.kind === "answers" && fate.status === 200) {
    const { work } = planet.origins[sending.origin]!;
    tally.work[sending.origin * sliceCount + tally.at(clock.now)]! += work * sending.luck.work;
  }
  const isLate = fate.kind === "stalls" || fate.at > timeout;
  const outcome = isLate ? timedOut : outcomeOf(fate, run.fetch);
  agenda.after((isLate ? timeout : fate.at) - clock.now, () => conclude(run, outcome));
}

const timedOut: Attempt = { kind: "failed", because: "timeout" };
const refused: Attempt = { kind: "failed", because: "unreached" };

function outcomeOf(fate: Exclude<Fate, { kind: "stalls" }>, { want, world }: Fetch): Attempt {
  if (fate.kind === "refuses") return refused;
  const { answer } = world.pages[want.coming.object]!;
  return { kind: "answered", answer: fate.status === 200 ? answer : { ...answer, status: fate.status } };
}

/** The header is here, or will never be. */
function conclude(run: Run, last: Attempt): void {
  const { fetch, asked, turn } = run;
  // It was given up.
  if (!fetch.runs.delete(run)) return;
  if (last.kind === "failed") unanswered(asked, "failed");
  else answered(asked, last.answer);
  const isGood = last.kind === "answered" && !isPassing(last);
  if (isGood && !fetch.isOver) return end(fetch, () => fetch.want.succeed(asked));
  if (last.kind === "answered") ended(asked);
  if (fetch.isOver) return;
  const next = goOn(fetch.waiting.course, { turn, last }, fetch.waiting.going);
  if (next === "wait") return;
  if (typeof next === "string") end(fetch, () => fetch.want.fail());
  else take(fetch, next);
}

function end(fetch: Fetch, settle: () => void): void {
  fetch.isOver = true;
  for (const run of fetch.runs) letGo(run);
  settle();
}

/** One that was silent gets the time that any gets. */
function letGo(run: Run): void {
  const { fetch, wait, asked } = run;
  const { edge } = fetch.want.place;
  if (fetch.waiting.hedge) overtaken(asked.origin, edge.now() - asked.askedAt, edge);
  const left = leftTo(wait, fetch.waiting.going);
  if (left === undefined || left === 0) return giveUp(run);
  fetch.world.agenda.after(left, () => giveUp(run));
}

function giveUp(run: Run): void {
  const { fetch, wait, asked } = run;
  if (fetch.runs.delete(run)) unanswered(asked, hasFailed(wait, fetch.waiting.going) ? "fellSilent" : "abandoned");
}
