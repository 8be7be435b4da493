/** Copies of what origins are asked, for others to be tried with. */
import type { Mirror, Origin } from "../config/upstream.ts";
import type { Edge } from "../edge.ts";
import { discard } from "../answer.ts";
import { hashOf, partOf } from "../http/hash.ts";
import type { Trail } from "../trail.ts";
import { authorised, send } from "./ask/send.ts";
import type { Sendable } from "./ask/sendable.ts";
import { residency } from "./choose/choose.ts";
import { hasContent } from "./request.ts";

/** As many copies at once as an isolate has under way to an origin that names no limit. */
const usualMost = 20;

/**
 * Sends the copies that the rules want of a visit, once, however much is asked for it. Nothing waits for them, and what becomes
 * of them changes nothing.
 */
export function mirror(sendable: Sendable, edge: Edge): void {
  const { visit } = sendable;
  const { mirror: wanted, trail } = visit;
  if (!wanted || !isDrawn(visit.id, wanted) || hasMirrored(trail)) return;
  const why = whyNot(sendable);
  if (why !== undefined) return trail.note("origin", `mirror:${why}`);
  for (const origin of wanted.to.filter(residency(visit))) {
    const isBusy = edge.fleet.origin(origin.name).copies >= mostCopies(origin);
    trail.note("origin", `mirror:${origin.name}${isBusy ? "=busy" : ""}`);
    if (!isBusy) edge.defer(sendCopy(origin, sendable, edge));
  }
}

function mostCopies({ maxConnections }: Origin): number {
  return typeof maxConnections === "number" ? maxConnections : usualMost;
}

/** By the visit and not by each request for it, so that one which takes many isn't drawn more often. */
function isDrawn(visit: string, { share }: Mirror): boolean {
  return partOf(hashOf(`mirror ${visit}`)) < share;
}

function hasMirrored({ steps }: Trail): boolean {
  return steps.some(({ room, decision }) => room === "origin" && decision.startsWith("mirror:"));
}

/** What can't be sent twice. */
function whyNot({ visit, headers, kept }: Sendable): string | undefined {
  if (headers["upgrade"] !== undefined) return "upgrade";
  return hasContent(visit) && !kept ? "streamed" : undefined;
}

/** Never rejects: that the other one fails is no failure of the visit's. */
async function sendCopy(origin: Origin, sendable: Sendable, edge: Edge): Promise<void> {
  const state = edge.fleet.origin(origin.name);
  const time = new AbortController();
  const stop = edge.after(sendable.visit.mirror!.timeout, () => time.abort());
  state.copies++;
  try {
    const copy = await authorised(origin, sendable, edge);
    discard((await send(origin, copy, { edge, signal: time.signal })).body);
  } catch {
    // Its own log tells.
  } finally {
    state.copies--;
    stop();
  }
}
