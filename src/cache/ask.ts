/** What happens when the store can't answer: the origin is asked, and what it says kept, or a stale answer stands in. */
import { discard, type Answer, type CacheStatus } from "../answer.ts";
import { EdgeError } from "../error.ts";
import type { Reason } from "../reasons.ts";
import type { Planned } from "../visit.ts";
import type { Led } from "./collapse.ts";
import { isEnough } from "./extent.ts";
import { failureOf, forward, type Forwarded, type Means } from "./forward.ts";
import { speaksOf } from "./head.ts";
import { toHit } from "./hit.ts";
import { invalidate } from "./invalidate.ts";
import { keepIfStorable } from "./keep.ts";
import type { Found, Place } from "./lookup.ts";
import { confirm } from "./refresh.ts";
import { bridgesError } from "./reuse.ts";
import { askWhether, askWhole, confirms, freshened } from "./validate.ts";

/** No stored answer may be served as it is; `found` is one that the origin has to confirm first. */
export interface Missing {
  readonly kind: "missing";
  readonly place: Place;
  /** Where the answer belongs. */
  readonly key: string;
  readonly found: Found | undefined;
  readonly fwd: NonNullable<CacheStatus["fwd"]>;
}

/** The origin's answer, or the stored one that it confirmed, or that stands in for it because it failed. */
export async function fetchAnswer(visit: Planned, missing: Missing, means: Means): Promise<Led> {
  const { edge } = means;
  const { found, fwd, place } = missing;
  if (!found) return renew(visit, place, { edge, fwd, forwarded: await forward(means, askWhole) });

  const hasStandIn = bridges(visit, found, { now: edge.now(), because: "origin-overloaded" });
  const forwarded = await forward(means, askWhether(found.stored), { hasStandIn }).catch((error: unknown) => ({
    error,
  }));
  if ("error" in forwarded)
    return { answer: standIn(visit, missing, { now: edge.now(), ...forwarded }), error: forwarded.error };
  const failure = failureOf(forwarded.answer);
  if (failure && bridges(visit, found, { now: edge.now(), because: failure.because })) {
    discard(forwarded.answer.body);
    const fwdStatus = forwarded.answer.status;
    return { answer: standIn(visit, missing, { now: edge.now(), error: failure, fwdStatus }), error: failure };
  }
  if (forwarded.answer.status === 304) {
    const renewal = { edge, fwd, forwarded };
    const isOfFound = confirms(forwarded.answer.fields, found.stored.fields);
    if (isOfFound && stillEnough(visit, found, renewal)) return reuse(visit, found, renewal);
    if (visit.method === "HEAD" && !isOfFound) await invalidate(visit, [found.key], edge);
    discard(found.body);
    return renew(visit, place, { edge, fwd, forwarded: await forward(means, askWhole) });
  }
  const isHead = visit.method === "HEAD" && forwarded.answer.status === 200;
  if (isHead && speaksOf(forwarded.answer, found)) return reuse(visit, found, { edge, fwd, forwarded });
  if (isHead) await invalidate(visit, [found.key], edge);
  discard(found.body);
  return renew(visit, place, { edge, fwd, forwarded });
}

interface Failing {
  readonly now: number;
  readonly error: unknown;
  readonly fwdStatus?: number;
  readonly collapsed?: true;
}

interface Cause {
  readonly now: number;
  readonly because: Reason | undefined;
}

/** Whether the stored answer may stand in for the origin's; when origins are overloaded, also where the site says so. */
function bridges({ site, caching }: Planned, { stored }: Found, { now, because }: Cause): boolean {
  const isDeclared = because === "origin-overloaded" && site.asking.overload.stale;
  return bridgesError(stored, now, isDeclared ? caching.maxStale : 0);
}

/**
 * The stored answer in place of the origin's, when the origin allowed that for the time it fails (RFC 5861 §4).
 * @throws the error, when there is none that may stand in.
 */
export function standIn(visit: Planned, { found, fwd }: Missing, { error, ...status }: Failing): Answer {
  const because = error instanceof EdgeError ? error.because : undefined;
  if (!found || !bridges(visit, found, { now: status.now, because })) {
    discard(found?.body);
    throw error;
  }
  const detail = standInAs(found, error, status.now);
  visit.trail.note("cache", detail);
  return toHit(visit, found, { fwd, detail, ...status });
}

/**
 * What it is called that a stale answer stands in: for an error, where one was met and the answer may be used for its time
 * (RFC 5861 §4); else for origins that are too full to be asked, or said so.
 */
export function standInAs({ stored }: Found, error: unknown, now: number): "stale-if-error" | "stale-if-overloaded" {
  if (!(error instanceof EdgeError) || error.because !== "origin-overloaded") return "stale-if-error";
  return error.status !== undefined && bridgesError(stored, now) ? "stale-if-error" : "stale-if-overloaded";
}

interface Renewal {
  readonly edge: Means["edge"];
  readonly fwd: Missing["fwd"];
  readonly forwarded: Forwarded;
}

/** The origin's new answer, kept when it may be. */
export async function renew(visit: Planned, place: Place, { edge, fwd, forwarded }: Renewal): Promise<Led> {
  const { answer, status, written, heldUp } = await keepIfStorable(visit, place, { edge, forwarded });
  const cache = { fwd, fwdStatus: answer.status, ...status };
  return { answer: { ...answer, cache }, written, heldUp, error: written ? undefined : failureOf(answer) };
}

/** Whether what came of the stored body is enough under the date of the 304, which may be another: then the client lacks it. */
function stillEnough(visit: Planned, found: Found, { edge, forwarded }: Renewal): boolean {
  const stored = { ...found.stored, fields: freshened(found.stored.fields, forwarded.answer.fields) };
  return isEnough(visit, { ...found, stored }, { use: "ask", now: edge.now() });
}

/** The stored answer, which a 304 confirmed, or a HEAD. */
function reuse(visit: Planned, found: Found, { edge, fwd, forwarded }: Renewal): Led {
  const { confirmed, written } = confirm(visit, found, { edge, forwarded });
  const stored = written && ({ stored: true } as const);
  const fwdStatus = forwarded.answer.status;
  return { answer: toHit(visit, confirmed, { fwd, fwdStatus, ...stored, now: edge.now() }), written };
}
