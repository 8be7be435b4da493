/** Serving a visit whose answer may be in the store: the decisions of RFC 9111 §4. */
import { discard, refuse, type Answer } from "../answer.ts";
import type { Wanted } from "../edge.ts";
import { EdgeError } from "../error.ts";
import type { Directives } from "../http/directives.ts";
import type { Planned } from "../visit.ts";
import { fetchAnswer, standIn, type Missing } from "./ask.ts";
import { awaitOther, lead, mayShare, type Question } from "./collapse.ts";
import { requestControl } from "./control.ts";
import { isDueEarly } from "./early.ts";
import { isEnough, wantedBy } from "./extent.ts";
import type { Means } from "./forward.ts";
import { lookUp, type Found, type LookUp } from "./lookup.ts";
import { questionFor } from "./parts/ask-range.ts";
import { servePartial, wantsPart, type PartialMiss } from "./parts/partial.ts";
import { refreshLater } from "./refresh.ts";
import { cameFor, useOf, type Use } from "./reuse.ts";
import { toHit } from "./hit.ts";

/** Answers from the store when HTTP allows, else asks the origin and keeps what may be kept. */
export async function serveFromStore(visit: Planned, key: string, means: Means): Promise<Answer> {
  const request = requestControl(visit.fields);
  // A HEAD is looked for all the same: it tells what the stored answer to a GET is worth (RFC 9111 §4.3.5).
  const isUnshared = visit.method === "GET" && means.edge.flights.isUnshared(key);
  if (isUnshared && !request.has("only-if-cached")) return pass(visit, key, means);
  return decide(visit, { key, request, means, round: 1 });
}

/** A visit waits for others so many times: each time, one of all who find the same missing goes on. */
const mostRounds = 3;

/** From the store, or by asking for all who come meanwhile. Who waited for another visit decides anew by what came of it. */
async function decide(visit: Planned, looking: Looking): Promise<Answer> {
  const { request, waited } = looking;
  const looked = await look(visit, looking);
  if (looked.kind === "hit") return serveHit(visit, looked, looking);
  const parts = await servePartial(visit, looked, looking);
  if (parts) return parts;
  if (request.has("only-if-cached")) {
    discard(looked.found?.body);
    return refuse("only-if-cached");
  }
  try {
    return await share(visit, looked, looking);
  } catch (error) {
    // Whoever explains it says that it went forward, too (RFC 9211 §2.2).
    if (error instanceof EdgeError && error.source === "origin") error.cache ??= { fwd: waited ?? looked.fwd };
    throw error;
  }
}

/** A stored answer that may be served as it is. */
interface Hit {
  readonly kind: "hit";
  readonly found: Found;
  readonly as: Extract<Use, { kind: "serve" }>["as"];
}

interface Looking {
  readonly key: string;
  readonly request: Directives;
  readonly means: Means;
  readonly round: number;
  /** Why it would have been asked for, had the visit not waited for another; absent when it didn't. */
  readonly waited?: Missing["fwd"];
}

async function look(visit: Planned, { key, request, means, waited }: Looking): Promise<Hit | PartialMiss> {
  const startedAt = means.edge.now();
  const arrivedAt = waited && visit.startedAt;
  const looked = await lookForEnough(visit, { key, wanted: wantedBy(visit), request, arrivedAt }, means);
  const { place, own, found, use, now } = looked;
  visit.trail.note("cache", use.kind === "serve" ? served(use.as, found!) : use.because, now - startedAt);
  const missing = { kind: "missing", place, key: own } as const;
  if (found?.stored.partial) return { ...missing, found: undefined, fwd: "partial", partial: { found, use } };
  if (use.kind === "ask") return { ...missing, found, fwd: use.because };
  return { kind: "hit", found: found!, as: use.as };
}

interface LookingFor {
  readonly key: string;
  readonly wanted: Wanted | undefined;
  readonly request: Directives;
  /** When the visit came, where it has waited for another since. */
  readonly arrivedAt: number | undefined;
}

/** Looks for what is likely to do, and once more for all of it when that turns out to be too little. */
async function lookForEnough(visit: Planned, looking: LookingFor, means: Means) {
  const { key, wanted } = looking;
  const looked = await lookUp(visit, { key, wanted }, means.edge);
  const { place, key: own, found } = looked;
  const now = means.edge.now();
  const use: Use = found ? useNow(found, looking, now) : { kind: "ask", because: missedBy(looked) };
  if (!found || isEnough(visit, found, { use: use.kind, now })) return { place, own, found, use, now };
  discard(found.body);
  return lookForEnough(visit, { ...looking, wanted: undefined }, means);
}

/** What came while the visit waited for it serves it, as it serves the visit that asked, however short its time is. */
function useNow({ stored }: Found, { request, arrivedAt }: LookingFor, now: number): Use {
  const use = useOf(stored, request, now);
  const isForIt =
    arrivedAt !== undefined && use.kind === "ask" && use.because === "stale" && cameFor(stored, arrivedAt);
  return isForIt ? { kind: "serve", as: "hit" } : use;
}

/** Why nothing fits (RFC 9211 §2.2): of answers that queries share, and of purged variants, it isn't known which of the two it was. */
function missedBy({ place: { variants }, isPurged }: LookUp): "uri-miss" | "vary-miss" | "miss" {
  if (variants?.search) return variants.vary.length === 0 ? "uri-miss" : "miss";
  if (variants && isPurged) return "miss";
  return variants ? "vary-miss" : "uri-miss";
}

/** For the trail: "hit", or "hit:memory" where a tier says which it is; "hit+search" where queries share it. */
function served(as: Hit["as"], { tier, place }: Found): string {
  return `${as}${tier === undefined ? "" : `:${tier}`}${place.variants?.search ? "+search" : ""}`;
}

function serveHit(visit: Planned, { found, as }: Hit, { means, waited }: Looking): Answer {
  const now = means.edge.now();
  if (waited) return toHit(visit, found, { fwd: waited, collapsed: true, now });
  const odds = { now, eagerness: visit.caching.early, random: means.edge.random };
  const isEarly = as === "hit" && isDueEarly(found.stored, odds);
  if (isEarly) visit.trail.note("cache", "due-early");
  if (isEarly || as === "stale-while-revalidate") refreshLater(visit, found, means);
  return toHit(visit, found, { hit: true, now });
}

/**
 * The last answer was for one visit only, and so will be the next: it isn't looked for, and nobody waits for it. (Others
 * call it hit-for-pass.) One that may be kept after all ends that.
 */
async function pass(visit: Planned, key: string, means: Means): Promise<Answer> {
  visit.trail.note("cache", "pass");
  const place = { key, variants: undefined, isTaken: true };
  const missing: Missing = { kind: "missing", place, key, found: undefined, fwd: "miss" };
  const { answer, written } = await fetchAnswer(visit, missing, means);
  if (written) means.edge.flights.begin(key, visit.id)({ kind: "stored" });
  return answer;
}

/** Waits for a visit that asks for the same, when there is one; else asks for all that come meanwhile. */
async function share(visit: Planned, missing: PartialMiss, looking: Looking): Promise<Answer> {
  const { means, request, round } = looking;
  const { edge } = means;
  const { key, ask } = asking(visit, missing, looking);
  if (round > mostRounds || !mayShare(visit, request)) return (await ask()).answer;
  const flight = edge.flights.under(key);
  if (!flight) return lead(visit, { key, ask }, edge);
  const waited = looking.waited ?? missing.fwd;
  try {
    if ((await awaitOther(flight, visit)) === undefined) return (await ask()).answer;
  } catch (error) {
    const fwdStatus = error instanceof EdgeError ? error.status : undefined;
    const cache = { fwd: waited, collapsed: true, ...(fwdStatus !== undefined && { fwdStatus }) } as const;
    if (error instanceof EdgeError) error.cache = cache;
    return standIn(visit, missing, { ...cache, now: edge.now(), error });
  }
  discard(missing.found?.body);
  return decide(visit, { ...looking, round: round + 1, waited });
}

function asking(visit: Planned, missing: PartialMiss, looking: Looking): Question {
  if (wantsPart(visit, missing)) return questionFor(visit, missing, looking);
  return { key: missing.key, ask: () => fetchAnswer(visit, missing, looking.means) };
}
