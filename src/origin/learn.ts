/** What asking an origin teaches of it: the one place where attempts change the fleet. */
import type { Answer } from "../answer.ts";
import type { Origin } from "../config/upstream.ts";
import type { Edge } from "../edge.ts";
import type { OriginState } from "../origin-state.ts";
import { parseContentLength } from "../http/range.ts";
import { passing } from "../http/status.ts";
import type { Planned } from "../visit.ts";
import type { Attempt } from "./ask/attempt.ts";
import { findPlace } from "./choose/place.ts";
import { follow } from "./follow.ts";
import { asked as beginTrial } from "./health/condition.ts";
import { wakeNext } from "./health/gate.ts";
import { judge, type Judged } from "./health/judge.ts";
import { failedAt, timed } from "./health/limit.ts";
import { heard, waits, waitsNoMore } from "./health/silence.ts";
import { measured, peaked, zoneOf } from "./latency.ts";
import { takesItsTime } from "./request.ts";
import { count, newSpread } from "./spread.ts";
import { add, recent } from "./traffic.ts";

/** Who asks for what. */
interface Lesson {
  readonly visit: Planned;
  readonly edge: Pick<Edge, "config" | "fleet" | "now">;
}

/** One request to an origin, from which something is to be learnt. */
export interface Asked extends Lesson {
  readonly origin: Origin;
  readonly askedAt: number;
  /** Among those who wait for the origin; undefined for one that takes its own time. */
  readonly number: number | undefined;
}

/** Asks, and learns from what comes of it; from the whole body only where the origin is `followed`. */
export async function learn(
  origin: Origin,
  { visit, edge }: { readonly visit: Planned; readonly edge: Edge },
  ask: () => Promise<Attempt>,
): Promise<Attempt> {
  const asked = begin(origin, { visit, edge });
  const tried = await ask().catch((error: unknown) => {
    unanswered(asked, "abandoned");
    throw error;
  });
  if (tried.kind === "failed") {
    unanswered(asked, tried.because === "silent" ? "fellSilent" : "failed");
    return tried;
  }
  const { answer } = tried;
  answered(asked, answer);
  if (origin.followed) return { ...tried, answer: follow(answer, edge.defer, () => ended(asked)) };
  ended(asked);
  return tried;
}

/** A body that it had begun breaks off, or stalls. */
export function brokeOff(name: string, { visit, edge }: Lesson): void {
  wasInVain(edge.fleet.origin(name), edge.now());
  judge("brokeOff", { name, askedAt: edge.now(), trail: visit.trail }, edge);
}

function wasInVain(state: OriginState, now: number): void {
  state.inVain++;
  state.inVainAt = now;
}

/** It is asked. */
export function begin(origin: Origin, { visit, edge }: Lesson): Asked {
  const askedAt = edge.now();
  const state = edge.fleet.origin(origin.name);
  state.inFlight++;
  add(state.traffic, usualBytes, askedAt);
  // Content takes its own time on the way there: how long it takes tells nothing of the origin.
  const { pace } = edge.fleet.site(visit.site.name);
  const number = takesItsTime(visit) ? undefined : waits(state.unheard, askedAt, pace.mean);
  beginTrial(state.condition, { now: askedAt });
  return { origin, visit, edge, askedAt, number };
}

/** It is over, without an answer. */
export function unanswered(asked: Asked, verdict: "failed" | "fellSilent" | "abandoned"): void {
  const state = asked.edge.fleet.origin(asked.origin.name);
  if (asked.number !== undefined) waitsNoMore(state.unheard);
  if (verdict !== "abandoned") {
    failedAt(state.gate.found);
    wasInVain(state, asked.edge.now());
  }
  ended(asked);
  judge(verdict, judgedOf(asked), asked.edge);
}

/**
 * What a request counts as until its answer says how long it is, and for ever if it doesn't: to count its bytes would cost
 * more than it carries. One that fails counts too, or origins that fail would seem to be those with the least to do.
 */
const usualBytes = 32 << 10;

/** The header is here. Bytes count at once, before they come: they are what the origin has to do next. */
export function answered(asked: Asked, { status, fields }: Pick<Answer, "status" | "fields">): void {
  const { origin, visit, edge, askedAt, number } = asked;
  const state = edge.fleet.origin(origin.name);
  if (number !== undefined) waitsNoMore(state.unheard);
  heard(state.unheard, edge.now(), number);
  if (passing.has(status)) wasInVain(state, edge.now());
  else state.inVain = 0;
  const isFailure = edge.config.settings.eject?.statuses.has(status) ?? false;
  judge(isFailure ? "failed" : "answered", judgedOf(asked), edge);
  if (isFailure) failedAt(state.gate.found);
  const now = edge.now();
  const length = parseContentLength(fields.get("content-length"));
  // In place of what it counted as, as far as that hasn't faded.
  if (length !== undefined && !isFailure) {
    add(state.traffic, length - recent({ sum: usualBytes, at: askedAt }, now), now);
  }
  // Content takes its own time again, and an error says nothing of how long an answer takes.
  if (takesItsTime(visit) || status >= 500) return;
  timed(state.gate.found, { ms: now - askedAt, inFlight: state.inFlight });
  if (visit.site.asking.hedge) vary(state, now - askedAt, now);
  peaked(edge.fleet.site(visit.site.name).pace, now - askedAt, now);
  measured(state, now - askedAt, { now, zone: zoneOf(findPlace(visit.client)?.position) });
}

/** Another one was faster: how long it would have taken isn't known, but it is longer than that. */
export function overtaken({ name }: Origin, ms: number, edge: Pick<Edge, "fleet" | "now">): void {
  vary(edge.fleet.origin(name), ms, edge.now());
}

function vary(state: OriginState, ms: number, now: number): void {
  count((state.spread ??= newSpread(now)), ms, now);
}

/** Nothing is to come any more. */
export function ended({ origin, edge }: Asked): void {
  const state = edge.fleet.origin(origin.name);
  state.inFlight--;
  wakeNext(state, edge.now());
}

function judgedOf({ origin, visit, askedAt }: Asked): Judged {
  return { name: origin.name, askedAt, trail: visit.trail };
}
