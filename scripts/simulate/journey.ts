/**
 * The journey of visits through the simulated edge: from the cache, else by the origins in the order in which they are
 * chosen, with tries, pauses and budget as `origin/ask/failover.ts` has them, as events on the simulation's clock.
 */
import { isPassing, type Attempt } from "../../src/origin/ask/attempt.ts";
import { pauseBefore } from "../../src/origin/ask/backoff.ts";
import { earnRetries, whyNoMore } from "../../src/origin/ask/retries.ts";
import type { Turn } from "../../src/origin/ask/turns.ts";
import { bridgesError } from "../../src/cache/reuse.ts";
import type { StoredAnswer } from "../../src/cache/entry.ts";
import { askerOf, rank } from "../../src/origin/choose/choose.ts";
import { answered, begin, ended, unanswered, type Asked } from "../../src/origin/learn.ts";
import type { Coming } from "./demand.ts";
import type { Events } from "./events.ts";
import type { Fate, Nature, Sending } from "./nature.ts";
import { keep, lookUp, type Page, type Place } from "./place.ts";
import type { Planet } from "./planet.ts";
import { countFetch, sliceCount, type Tally } from "./tally.ts";
import type { Trouble } from "./trouble.ts";

/** All that a journey leads through. */
export interface World {
  readonly clock: { now: number };
  readonly events: Events;
  readonly nature: Nature;
  readonly places: readonly Place[];
  /** Of each object. */
  readonly keys: readonly string[];
  readonly pages: readonly Page[];
  readonly troubles: readonly Trouble[];
  readonly tally: Tally;
  readonly planet: Planet;
  /** Of each origin, by its name, the index. */
  readonly indices: ReadonlyMap<string, number>;
  /** What is under way, by its number, which events have. */
  readonly underWay: Fetch[];
  /** Numbers that are free again. */
  readonly free: number[];
}

/** A visit, or a refresh behind a visitor's back, on its way to origins. */
interface Fetch {
  readonly id: number;
  readonly place: Place;
  readonly coming: Readonly<Coming>;
  /** Nobody waits for it. */
  readonly isBehind: boolean;
  readonly stored: StoredAnswer | undefined;
  /** The least that it could take. */
  readonly best: number;
  readonly queue: Turn[];
  tries: number;
  /** The try that is under way, whom it went to and how it comes out. */
  turn: Turn;
  asked: Asked | undefined;
  outcome: Attempt | undefined;
  next: (fetch: Fetch, world: World) => void;
}

/** Bytes a millisecond, in which bodies come. */
const bandwidth = 5_000;

/** A visit comes. */
export function arrive(coming: Coming, world: World): void {
  const { tally, places, keys } = world;
  const place = places[coming.location]!;
  const { isHit, isRefreshed, stored } = lookUp(keys[coming.object]!, place);
  const slice = tally.at(coming.at);
  tally.slices.visits[slice]!++;
  if (isHit) tally.slices.hits[slice]!++;
  if (isHit && !isRefreshed) return;
  if (isRefreshed) place.refreshing.add(keys[coming.object]!);
  ask({ coming: { ...coming }, place, stored, isBehind: isHit }, world);
}

/** The next event. */
export function goOn(world: World): void {
  world.clock.now = world.events.next();
  const fetch = world.underWay[world.events.take()]!;
  fetch.next(fetch, world);
}

function ask(about: Pick<Fetch, "coming" | "place" | "stored" | "isBehind">, world: World): void {
  const { visit, edge } = about.place;
  earnRetries(edge.fleet.site(visit.site.name), visit.site.asking.retry, edge.now());
  const ranked = rank(edge.fleet.tiers(visit.pool), visit.balance, askerOf(visit, edge, new Map()));
  const queue: Turn[] = ranked.map(({ origin }) => ({ origin, asked: 0 }));
  const id = world.free.pop() ?? world.underWay.length;
  const best = about.isBehind ? 0 : world.nature.best(about.coming);
  const fetch: Fetch = {
    ...about,
    id,
    best,
    queue,
    tries: 0,
    turn: queue[0]!,
    asked: undefined,
    outcome: undefined,
    next: send,
  };
  world.underWay[id] = fetch;
  takeTurn(fetch, world);
}

function takeTurn(fetch: Fetch, world: World): void {
  fetch.turn = fetch.queue.shift()!;
  fetch.tries++;
  const { asked } = fetch.turn;
  if (asked === 0) return send(fetch, world);
  const { edge, visit } = fetch.place;
  at(world.clock.now + pauseBefore(asked, visit.site.asking.retry.backoff, edge.random()), send, { fetch, world });
}

function send(fetch: Fetch, world: World): void {
  const { tally, troubles, clock } = world;
  const { edge, visit } = fetch.place;
  const origin = world.indices.get(fetch.turn.origin.name)!;
  fetch.asked = begin(fetch.turn.origin, { visit, edge });
  const slice = tally.at(clock.now);
  tally.slices.tries[slice]!++;
  if (fetch.tries > 1) tally.slices.again[slice]!++;
  troubles.forEach(({ origins }, index) => origins.has(origin) && tally.troubled[index]![slice]!++);
  const sending: Sending = { ...fetch.coming, origin, at: clock.now };
  // Others that were sent later may arrive before: what becomes of it is only known there.
  at(clock.now + world.nature.trip(sending) / 2, () => arriveThere(fetch, sending, world), { fetch, world });
}

function arriveThere(fetch: Fetch, sending: Sending, world: World): void {
  const { nature, tally, planet, clock } = world;
  const fate = nature.arrive(sending);
  const timeout = sending.at + fetch.place.visit.site.asking.timeouts.header;
  if (fate.kind === "answers" && fate.status === 200) {
    const { work } = planet.origins[sending.origin]!;
    tally.work[sending.origin * sliceCount + tally.at(clock.now)]! += work * sending.luck.work;
  }
  fetch.outcome = fate.kind === "stalls" || fate.at > timeout ? timedOut : outcomeOf(fate, fetch, world);
  at(fate.kind === "stalls" ? timeout : Math.min(fate.at, timeout), conclude, { fetch, world });
}

const timedOut: Attempt = { kind: "failed", because: "timeout" };
const refused: Attempt = { kind: "failed", because: "unreached" };

function outcomeOf(fate: Exclude<Fate, { kind: "stalls" }>, { coming }: Fetch, { pages }: World): Attempt {
  if (fate.kind === "refuses") return refused;
  const { answer } = pages[coming.object]!;
  return { kind: "answered", answer: fate.status === 200 ? answer : { ...answer, status: fate.status } };
}

/** The header is here, or will never be. */
function conclude(fetch: Fetch, world: World): void {
  const { place, turn } = fetch;
  const { visit, edge } = place;
  const [asked, last] = [fetch.asked!, fetch.outcome!];
  if (last.kind === "failed") unanswered(asked, "failed");
  else answered(asked, last.answer);
  const isGood = last.kind === "answered" && !isPassing(last);
  if (isGood) return succeed(fetch, asked, world);
  if (last.kind === "answered") ended(asked);
  if (!isPassing(last)) fetch.queue.push({ origin: turn.origin, asked: turn.asked + 1 });
  const progress = {
    repeat: "always",
    deadline: Number.POSITIVE_INFINITY,
    tries: fetch.tries,
    last,
    isAnyLeft: fetch.queue.length > 0,
  } as const;
  const paying = { site: edge.fleet.site(visit.site.name), now: edge.now() };
  if (whyNoMore(progress, visit.site.asking.retry, paying) === undefined) return takeTurn(fetch, world);
  fail(fetch, world);
}

function succeed(fetch: Fetch, asked: Asked, world: World): void {
  const { coming, place, best, isBehind } = fetch;
  const { clock, tally, pages, keys } = world;
  const page = pages[coming.object]!;
  const exchange = { askedAt: asked.askedAt, answeredAt: place.edge.now() };
  keep(keys[coming.object]!, page, { place, exchange });
  if (!isBehind) {
    countFetch(tally, { startedAt: coming.at, location: coming.location, took: clock.now - coming.at, best });
  }
  if (!asked.origin.followed) {
    ended(asked);
    return leave(fetch, world);
  }
  const bytes = Number(page.answer.fields.get("content-length"));
  at(clock.now + bytes / bandwidth, () => (ended(asked), leave(fetch, world)), { fetch, world });
}

function fail(fetch: Fetch, world: World): void {
  const { slices, at } = world.tally;
  const slice = at(fetch.coming.at);
  const isBridged = fetch.stored && bridgesError(fetch.stored, fetch.place.edge.now());
  if (!fetch.isBehind) slices[isBridged ? "stale" : "failed"][slice]!++;
  leave(fetch, world);
}

/** Nothing of it is under way any more. */
function leave({ id, isBehind, place, coming }: Fetch, { free, keys }: World): void {
  if (isBehind) place.refreshing.delete(keys[coming.object]!);
  free.push(id);
}

function at(time: number, next: Fetch["next"], { fetch, world }: { readonly fetch: Fetch; readonly world: World }) {
  fetch.next = next;
  world.events.add(time, fetch.id);
}
