/** Serving a visit whose answer may be in the store: the decisions of RFC 9111 §4. */
import { discard, refuse, type Answer } from "../answer.ts";
import type { Wanted } from "../edge.ts";
import type { Directives } from "../http/directives.ts";
import type { Planned } from "../visit.ts";
import { fetchAnswer, standIn, type Missing } from "./ask.ts";
import { awaitOther, lead, mayShare } from "./collapse.ts";
import { requestControl } from "./control.ts";
import { isDueEarly } from "./early.ts";
import { isEnough, wantedBy } from "./extent.ts";
import type { Means } from "./forward.ts";
import { lookUp, type Found, type LookUp } from "./lookup.ts";
import { concernsParts, servePartial, type PartialMiss } from "./parts/partial.ts";
import { refreshLater } from "./refresh.ts";
import { useOf, type Use } from "./reuse.ts";
import { toHit } from "./hit.ts";

/** Answers from the store when HTTP allows, else asks the origin and keeps what may be kept. */
export async function serveFromStore(visit: Planned, key: string, means: Means): Promise<Answer> {
  const request = requestControl(visit.fields);
  if (means.edge.flights.isUnshared(key) && !request.has("only-if-cached")) return pass(visit, key, means);
  const looked = await look(visit, key, { request, means });
  if (looked.kind === "hit") return serveHit(visit, looked, means);
  const parts = concernsParts(visit, looked) && (await servePartial(visit, looked, { request, means }));
  if (parts) return parts;
  if (request.has("only-if-cached")) {
    discard(looked.found?.body);
    return refuse("only-if-cached");
  }
  if (!mayShare(visit, request)) return (await fetchAnswer(visit, looked, means)).answer;
  return share(visit, looked, { key, request, means });
}

/** A stored answer that may be served as it is. */
interface Hit {
  readonly kind: "hit";
  readonly found: Found;
  readonly as: Extract<Use, { kind: "serve" }>["as"];
}

interface Looking {
  readonly request: Directives;
  readonly means: Means;
}

async function look(visit: Planned, key: string, { request, means }: Looking): Promise<Hit | PartialMiss> {
  const startedAt = means.edge.now();
  const { place, own, found, use, now } = await lookForEnough(visit, { key, wanted: wantedBy(visit), request }, means);
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
}

/** Looks for what is likely to do, and once more for all of it when that turns out to be too little. */
async function lookForEnough(visit: Planned, { key, wanted, request }: LookingFor, means: Means) {
  const looked = await lookUp(visit, { key, wanted }, means.edge);
  const { place, key: own, found } = looked;
  const now = means.edge.now();
  const use: Use = found ? useOf(found.stored, request, now) : { kind: "ask", because: missedBy(looked) };
  if (!found || isEnough(visit, found, { use: use.kind, now })) return { place, own, found, use, now };
  discard(found.body);
  return lookForEnough(visit, { key, wanted: undefined, request }, means);
}

/** Why nothing fits (RFC 9211 §2.2): of answers that queries share, and of purged variants, it isn't known which of the two it was. */
function missedBy({ place: { variants }, isPurged }: LookUp): "uri-miss" | "vary-miss" | "miss" {
  if (variants && isPurged) return "miss";
  if (variants?.search) return variants.vary.length === 0 ? "uri-miss" : "miss";
  return variants ? "vary-miss" : "uri-miss";
}

/** For the trail: "hit", or "hit:memory" where a tier says which it is; "hit+search" where queries share it. */
function served(as: Hit["as"], { tier, place }: Found): string {
  return `${as}${tier === undefined ? "" : `:${tier}`}${place.variants?.search ? "+search" : ""}`;
}

function serveHit(visit: Planned, { found, as }: Hit, means: Means): Answer {
  const now = means.edge.now();
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
  if (written) means.edge.flights.begin(key)({ kind: "stored" });
  return answer;
}

/** Waits for a visit that asks for the same, when there is one; else asks for all that come meanwhile. */
async function share(visit: Planned, missing: Missing, looking: Looking & { readonly key: string }): Promise<Answer> {
  const { edge } = looking.means;
  const flight = edge.flights.under(missing.key);
  if (!flight) return lead(missing.key, edge, () => fetchAnswer(visit, missing, looking.means));
  try {
    if ((await awaitOther(flight)) === undefined) return (await fetchAnswer(visit, missing, looking.means)).answer;
  } catch (error) {
    return standIn(visit, missing, { now: edge.now(), error });
  }
  discard(missing.found?.body);
  const again = await look(visit, looking.key, looking);
  if (again.kind === "missing") {
    discard(again.partial?.found.body);
    return (await fetchAnswer(visit, again, looking.means)).answer;
  }
  return toHit(visit, again.found, { fwd: missing.fwd, collapsed: true, now: edge.now() });
}
