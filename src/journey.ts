/** The order of the rooms. Whoever reads one file reads this one. */
import type { Answer } from "./answer.ts";
import { forget, plan, serve, serveLocation } from "./cache/cache.ts";
import { count, countEvent, takeMarks, watchRefreshes } from "./count/count.ts";
import type { Edge } from "./edge.ts";
import type { Asked, Told, Upstream } from "./hop.ts";
import { explain, observe } from "./observe/observe.ts";
import { fetchOrigin, relieve, stick } from "./origin/origin.ts";
import { enrol, enrolAsAsked, recogniseTester, remember, route } from "./route/route.ts";
import { clear, recognise, scrub, settle } from "./scrub/scrub.ts";
import { answerLocation, asAsked, throughShield } from "./shield/shield.ts";
import { findSite } from "./site/site.ts";
import { fetchWhole, finish, fragmentOf, prepare, select, type Fragment } from "./transform/transform.ts";
import type { Clean, Enrolled, Planned, Visit } from "./visit.ts";

/**
 * One visit, from request to response. Never rejects: what goes wrong on the way is explained.
 *
 *     request ─► visit ─► site ─► scrub ─► route ─► cache ══miss══► origin ─► prepare ─► (store)
 *                                                     ║                                    ║
 *     response ◄─ observe ◄─ finish ◄═════════════════╩════════════════════════════════════╝
 *
 * The fragments of a page are visits of their own.
 */
export async function journey(visit: Visit, edge: Edge): Promise<Response> {
  const answer = await travel(visit, edge).catch((error: unknown) => explain(visit, error, edge));
  return observe(visit, answer, edge);
}

async function travel(visit: Visit, edge: Edge): Promise<Answer> {
  const sited = findSite(visit, edge);
  if (sited.kind === "answer") return sited.answer;

  const clean = await scrub(sited.visit, edge);
  if (clean.kind === "answer") return clean.answer;
  const include = (fragment: Fragment) => journey(fragmentOf(visit, fragment, edge), edge);
  const answer = await travelOn(clean.visit, edge, include).catch((error: unknown) => explain(visit, error, edge));
  return settle(clean.visit, answer, edge);
}

/** A visit that brings back what a challenge asked of its client. */
export async function journeyToClearance(visit: Visit, edge: Edge): Promise<Answer> {
  const sited = findSite(visit, edge);
  return sited.kind === "answer" ? sited.answer : clear(sited.visit, edge);
}

/** A visit by which a page tells what somebody did. Rules that limit and refuse hold for it as for any other. */
export async function journeyToEvent(visit: Visit, edge: Edge): Promise<Answer> {
  const sited = findSite(visit, edge);
  if (sited.kind === "answer") return sited.answer;
  const clean = await scrub(sited.visit, edge);
  if (clean.kind === "answer") return clean.answer;
  const counted = await takeMarks(clean.visit, edge);
  return settle(clean.visit, await countEvent(await recogniseTester(counted, edge), edge), edge);
}

/** Makes the journey of a fragment. */
type Include = (fragment: Fragment) => Promise<Response>;

async function travelOn(visit: Clean, edge: Edge, include: Include): Promise<Answer> {
  const enrolled = await enrol(await takeMarks(visit, edge), edge);
  const answer = await pursue(enrolled, edge, include).catch((error: unknown) => explain(visit, error, edge));
  return remember(enrolled, await count(enrolled, answer, edge));
}

async function pursue(visit: Enrolled, edge: Edge, include: Include): Promise<Answer> {
  const routed = route(visit, edge);
  if (routed.kind === "answer") return routed.answer;

  const planned = plan(routed.visit, edge);
  const upstream = throughShield(planned, edge, askOrigin(planned, edge));
  const answer = await serve(planned, edge, watchRefreshes(planned, edge, upstream));
  return finish(planned, await stick(planned, answer, edge), edge, include);
}

function askOrigin(visit: Planned, edge: Edge): Upstream["ask"] {
  return async (edits, { hasStandIn = false } = {}) => {
    relieve(visit, edge, { hasStandIn });
    return prepare(visit, await fetchWhole(visit, edits, (whole, each) => fetchOrigin(whole, edge, each)), edge);
  };
}

/**
 * A visit that a location's cache has no answer for, at the shield: the same rooms, without those that are for the client.
 *
 *     visit ─► site ─► route ─► cache ══miss══► origin ─► prepare ─► (store)
 */
export function journeyAtShield(asked: Asked, edge: Edge): Promise<Told> {
  return answerLocation(asked, edge, (visit, knowing) => travelAtShield(visit, knowing, asked));
}

/** A location knows that what is kept under the key is no longer true. */
export function forgetAtShield(key: string, edge: Edge): Promise<void> {
  return forget(key, edge);
}

async function travelAtShield(visit: Visit, edge: Edge, asked: Asked): Promise<Answer | undefined> {
  const sited = findSite(visit, edge);
  if (sited.kind === "answer") return undefined;
  const enrolled = enrolAsAsked(recognise(sited.visit, asked.who, edge), asked.experiments, edge);
  const routed = enrolled && route(enrolled, edge);
  if (routed?.kind !== "go") return undefined;

  const planned = asAsked(plan(routed.visit, edge), asked);
  const upstream: Upstream = { ask: askOrigin(planned, edge), forget: async () => {} };
  const answer = await serveLocation(planned, edge, watchRefreshes(planned, edge, upstream));
  return select(planned, answer, edge);
}
