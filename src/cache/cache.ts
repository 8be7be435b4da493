/** Door of the cache room: what is answered from store, and what is kept. */
import type { Answer, CacheStatus } from "../answer.ts";
import type { Edge } from "../edge.ts";
import type { Upstream } from "../hop.ts";
import type { BypassReason, Planned, Routed } from "../visit.ts";
import { withoutTargets } from "./control.ts";
import { asIs, forward, type Means } from "./forward.ts";
import { invalidate, invalidatedBy, invalidateUpstream, outdate } from "./invalidate.ts";
import { keyOf, withQuery } from "./key.ts";
import { withShared } from "./lookup.ts";
import { askUnpurged, invalidateGroups, withoutTags } from "./purge.ts";
import { serveFromStore } from "./serve.ts";

/** What the cache will do for the visit: look up under a key, or bypass and why. */
export function plan(visit: Routed, _edge: Edge): Planned {
  const because = bypassReason(visit);
  if (because) return { ...visit, plan: { kind: "bypass", because } };
  // What the key leaves out must not shape what is kept under it: so the origin isn't told either.
  const target = withQuery(visit.target, visit.caching.key);
  return { ...visit, target, plan: { kind: "lookup", key: keyOf(visit) } };
}

/** Carries the plan out. `upstream` is asked when it must be. */
export async function serve(visit: Planned, edge: Edge, upstream: Upstream): Promise<Answer> {
  let parent: CacheStatus | undefined;
  const ask: Upstream["ask"] = async (...asking) => {
    const answer = await askUnpurged(visit, { ...upstream, edge }, asking);
    parent = answer.cache;
    return answer;
  };
  const answer = withParent(await carryOut(visit, { ...upstream, ask, edge }), parent);
  return withKey(visit, withoutTargets(withoutTags(answer, edge), edge), edge);
}

/** The same at a shield, for a location: what the answer says to caches stays in it. */
export async function serveLocation(visit: Planned, edge: Edge, upstream: Upstream): Promise<Answer> {
  return withKey(visit, await carryOut(visit, { ...upstream, edge }), edge);
}

/** At a shield: a location knows that what is kept under the key is no longer true. */
export async function forget(key: string, edge: Edge): Promise<void> {
  outdate([key], edge);
  const keys = await withShared([key], edge);
  await Promise.all(keys.map((each) => edge.store.delete(each)));
}

async function carryOut(visit: Planned, means: Means): Promise<Answer> {
  if (visit.plan.kind === "lookup") return serveFromStore(visit, visit.plan.key, means);
  return bypass(visit, visit.plan.because, means);
}

/** With what the shield says of itself, when it was asked on behalf of this visit. */
function withParent(answer: Answer, parent: CacheStatus | undefined): Answer {
  return parent ? { ...answer, cache: { ...answer.cache, parent } } : answer;
}

/** With the key it was looked for under (RFC 9211 §2.7), where the trail is shown: the key may name origins. */
function withKey({ plan: planned }: Planned, answer: Answer, { config }: Edge): Answer {
  if (!config.settings.trail || planned.kind === "bypass" || !answer.cache) return answer;
  return { ...answer, cache: { ...answer.cache, key: planned.key } };
}

async function bypass(visit: Planned, because: BypassReason, means: Means): Promise<Answer> {
  visit.trail.note("cache", `bypass:${because}`);
  const { answer } = await forward(means, asIs);
  invalidateGroups(visit, answer, means.edge);
  const untrue = invalidatedBy(visit, answer);
  outdate(untrue, means.edge);
  const further = invalidateUpstream(visit, untrue, means);
  await invalidate(visit, await withShared(untrue, means.edge), means.edge);
  await further;
  const status: CacheStatus = because === "method" ? { fwd: "method" } : { fwd: "bypass", detail: because };
  return { ...answer, cache: { ...status, fwdStatus: answer.status } };
}

function bypassReason({ method, fields, request, caching }: Routed): BypassReason | undefined {
  if (method !== "GET" && method !== "HEAD") return "method";
  if (fields.get("upgrade")?.toLowerCase() === "websocket") return "upgrade";
  if (request.body !== null) return "body";
  return caching.bypass ? "rule" : undefined;
}
