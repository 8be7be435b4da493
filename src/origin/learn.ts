/** What asking an origin teaches of it: the one place where attempts change the fleet. */
import type { Answer } from "../answer.ts";
import type { Origin } from "../config/upstream.ts";
import type { Edge } from "../edge.ts";
import type { OriginState } from "../fleet.ts";
import { parseContentLength } from "../http/range.ts";
import type { Planned } from "../visit.ts";
import type { Attempt } from "./ask/attempt.ts";
import { findPlace } from "./choose/place.ts";
import { follow } from "./follow.ts";
import { asked as beginTrial } from "./health/condition.ts";
import { judge } from "./health/judge.ts";
import { measured, zoneOf } from "./latency.ts";
import { hasContent } from "./request.ts";
import { count, newSpread } from "./spread.ts";
import { add } from "./traffic.ts";

/** Who asks for what. */
interface Lesson {
  readonly visit: Planned;
  readonly edge: Edge;
}

/** Asks, and learns from what comes of it; from the whole body only where the origin is `followed`. */
export async function learn(origin: Origin, lesson: Lesson, ask: () => Promise<Attempt>): Promise<Attempt> {
  const { edge } = lesson;
  const state = edge.fleet.origin(origin.name);
  const askedAt = edge.now();
  const judged = { name: origin.name, askedAt, trail: lesson.visit.trail };
  asked(state, askedAt);
  const tried = await ask().catch((error: unknown) => {
    ended(state);
    judge("abandoned", judged, edge);
    throw error;
  });
  if (tried.kind === "failed") {
    ended(state);
    judge("failed", judged, edge);
    return tried;
  }
  const { answer } = tried;
  judge(edge.config.settings.eject?.statuses.has(answer.status) ? "failed" : "answered", judged, edge);
  answered(state, answer, { ...lesson, askedAt });
  if (origin.followed) return { ...tried, answer: { ...answer, body: follow(answer, edge.defer, () => ended(state)) } };
  ended(state);
  return tried;
}

/** A body that it had begun breaks off, or stalls. */
export function brokeOff(name: string, { visit, edge }: Lesson): void {
  judge("brokeOff", { name, askedAt: edge.now(), trail: visit.trail }, edge);
}

function asked(state: OriginState, now: number): void {
  state.inFlight++;
  beginTrial(state.condition, { now });
}

/** What an answer counts as that doesn't say how long it is: to count its bytes would cost more than it carries. */
const usualBytes = 32 << 10;

/** The header is here. Bytes count at once, before they come: they are what the origin has to do next. */
function answered(state: OriginState, { status, fields }: Answer, { visit, edge, askedAt }: Answered): void {
  const now = edge.now();
  add(state.traffic, parseContentLength(fields.get("content-length")) ?? usualBytes, now);
  // Content takes its own time on the way there, and an error says nothing of how long an answer takes.
  if (hasContent(visit) || status >= 500) return;
  if (visit.site.asking.hedge) vary(state, now - askedAt, now);
  measured(state, now - askedAt, { now, zone: zoneOf(findPlace(visit.client)?.position) });
}

/** Another one was faster: how long it would have taken isn't known, but it is longer than that. */
export function overtaken({ name }: Origin, ms: number, edge: Edge): void {
  vary(edge.fleet.origin(name), ms, edge.now());
}

function vary(state: OriginState, ms: number, now: number): void {
  count((state.spread ??= newSpread(now)), ms, now);
}

interface Answered extends Lesson {
  readonly askedAt: number;
}

/** Nothing is to come any more. */
function ended(state: OriginState): void {
  state.inFlight--;
}
