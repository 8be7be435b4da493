/** Serving a visit whose answer may be in the store: the decisions of RFC 9111 §4. */
import { discard, refuse, type Answer, type CacheStatus } from "../answer.ts";
import type { Planned } from "../visit.ts";
import { requestControl } from "./control.ts";
import { forward, isFailure, type Forwarded, type Means } from "./forward.ts";
import { keepIfStorable } from "./keep.ts";
import { lookUp, type Found, type Place } from "./lookup.ts";
import { confirm, refreshLater } from "./refresh.ts";
import { bridgesError, freshnessLeft, useOf, type Use } from "./reuse.ts";
import { askWhether, askWhole } from "./validate.ts";

/** Answers from the store when HTTP allows, else asks the origin and keeps what may be kept. */
export async function serveFromStore(visit: Planned, key: string, means: Means): Promise<Answer> {
  const { now } = means.edge;
  const request = requestControl(visit.fields);
  const startedAt = now();
  const { place, found } = await lookUp(visit, key, means.edge);
  const use: Use = found ? useOf(found.stored, request, now()) : { kind: "ask", because: missReason(place) };
  visit.trail.note("cache", use.kind === "serve" ? use.as : use.because, now() - startedAt);

  if (found && use.kind === "serve") {
    if (use.as === "stale-while-revalidate") refreshLater(visit, found, means);
    return fromStore(visit, found, { hit: true, now: now() });
  }
  if (request.has("only-if-cached")) {
    discard(found?.body);
    return refuse("only-if-cached");
  }
  return found ? validated(visit, found, means) : missed(visit, place, means);
}

/** Nothing fits: the whole answer comes from the origin. */
async function missed(visit: Planned, place: Place, means: Means): Promise<Answer> {
  const forwarded = await forward(means, askWhole);
  return renewed(visit, place, { edge: means.edge, forwarded, fwd: missReason(place) });
}

/** The stored answer, confirmed or replaced by the origin, or standing in for one that failed. */
async function validated(visit: Planned, found: Found, means: Means): Promise<Answer> {
  const { edge } = means;
  const fwd = freshnessLeft(found.stored, edge.now()) > 0 ? "request" : "stale";
  const forwarded = await forward(means, askWhether(found.stored)).catch((error: unknown) => {
    if (bridgesError(found.stored, edge.now())) return undefined;
    discard(found.body);
    throw error;
  });
  if (!forwarded || (isFailure(forwarded.answer) && bridgesError(found.stored, edge.now()))) {
    discard(forwarded?.answer.body);
    visit.trail.note("cache", "stale-if-error");
    const fwdStatus = forwarded && { fwdStatus: forwarded.answer.status };
    return fromStore(visit, found, { fwd, ...fwdStatus, detail: "stale-if-error", now: edge.now() });
  }
  if (forwarded.answer.status === 304) {
    const { confirmed, stored } = confirm(visit, found, { edge, forwarded });
    return fromStore(visit, confirmed, { fwd, fwdStatus: 304, ...stored, now: edge.now() });
  }
  discard(found.body);
  return renewed(visit, found.place, { edge, forwarded, fwd });
}

interface Renewal {
  readonly edge: Means["edge"];
  readonly forwarded: Forwarded;
  readonly fwd: NonNullable<CacheStatus["fwd"]>;
}

/** The origin's answer, kept when it may be. */
function renewed(visit: Planned, place: Place, { edge, forwarded, fwd }: Renewal): Answer {
  const { answer, status } = keepIfStorable(visit, place, { edge, forwarded });
  return { ...answer, cache: { fwd, fwdStatus: answer.status, ...status } };
}

/** The stored answer as it leaves, with its age (RFC 9111 §5.1) and its length, which the origin may not have known. */
function fromStore(visit: Planned, found: Found, { now, ...cache }: CacheStatus & { now: number }): Answer {
  const { stored, body, length } = found;
  const { fields, status } = stored;
  fields.set("age", String(Math.max(0, Math.floor((now - stored.bornAt) / 1000))));
  if (length !== undefined && !fields.has("content-length") && status !== 204) {
    fields.set("content-length", String(length));
  }
  const isHead = visit.method === "HEAD";
  if (isHead) discard(body);
  const ttl = Math.floor(freshnessLeft(stored, now) / 1000);
  return { status, fields, body: isHead ? null : body, cache: { ...cache, ttl } };
}

/** Whether the URL is unknown, or only known for other requests (RFC 9211 §2.2). */
function missReason({ variants }: Place): "vary-miss" | "uri-miss" {
  return variants ? "vary-miss" : "uri-miss";
}
