/** What the guard of a variant gets to see: how origins answer those who see it, and those who see the control. */
import { clusters } from "../analytics.ts";
import type { Answer } from "../answer.ts";
import type { Edge } from "../edge.ts";
import { EdgeError } from "../error.ts";
import type { Upstream } from "../hop.ts";
import { hashOf } from "../http/hash.ts";
import { groupOf } from "../http/ip-form.ts";
import type { Enrolled } from "../visit.ts";
import { clientKey, seesItsOwn } from "./client.ts";
import type { In } from "./convert.ts";

interface Seeing extends In {
  readonly variant: string;
}

/** What came of the visit, where an origin was asked for it. */
export function countAnswer(visit: Enrolled, answer: Answer, seeing: Seeing): void {
  if (isOriginsDoing(answer)) tell(visit, { failed: isFailure(answer), since: visit.startedAt }, seeing);
}

/**
 * The upstream, of which the guard gets to see what is asked in the background as well: clients see nothing of that, and are served
 * what is stored as long as it fails.
 */
export function watchRefreshes(visit: Enrolled, edge: Edge, upstream: Upstream): Upstream {
  // A shield knows by what it sees alone that it is a tester's.
  if (visit.testing || visit.experiments.some(({ how }) => how === "forced")) return upstream;
  const seen = visit.experiments.filter(seesItsOwn).flatMap(({ experiment: called, variant }) => {
    const experiment = edge.config.experiments.find(({ name }) => name === called);
    return experiment ? [{ experiment, variant, edge }] : [];
  });
  if (seen.length === 0) return upstream;
  const ask: Upstream["ask"] = async (edits, terms) => {
    if (!terms?.isBackground) return upstream.ask(edits, terms);
    const since = edge.now();
    const tellAll = (failed: boolean) => seen.forEach((each) => tell(visit, { failed, since }, each));
    try {
      const answer = await upstream.ask(edits, terms);
      if (!answer.cache?.hit) tellAll(isFailure(answer));
      return answer;
    } catch (error) {
      if (isOriginsFailure(error)) tellAll(true);
      throw error;
    }
  };
  return { ...upstream, ask };
}

interface Asked {
  readonly failed: boolean;
  /** When it began: milliseconds since the epoch. */
  readonly since: number;
}

/**
 * Of the visits of a client within a few seconds only the first: a single one that asks for something broken again and again is no
 * proof of anything.
 */
function tell(visit: Enrolled, { failed, since }: Asked, { experiment, variant, edge }: Seeing): void {
  const { measured, name } = experiment;
  if (!measured.variants.some(({ guard }) => guard)) return;
  if (!edge.analytics.isNew(`answer ${name} ${clientKey(visit, edge)}`)) return;
  const ms = edge.now() - since;
  const cluster = hashOf(groupOf(visit.client.ip, edge.config.settings.group)) % clusters;
  edge.analytics.count(measured, variant, { kind: "answer", failed, ms, cluster });
}

/** Also one that its client doesn't see, because a stale answer stands in. */
function isFailure({ status, cache }: Answer): boolean {
  return status >= 500 || cache?.detail === "stale-if-error";
}

/** An origin that wasn't asked, because it has enough to do, hasn't failed. */
function isOriginsFailure(error: unknown): boolean {
  if (!(error instanceof EdgeError) || error.source !== "origin") return false;
  return error.because !== "origin-overloaded" || error.status !== undefined;
}

/**
 * Whether an origin was asked for just this visit: hits tell nothing of the variant, and a variant that is new has fewer of them
 * than the control.
 */
function isOriginsDoing({ cache, because }: Answer): boolean {
  if (because === "client-error" || cache?.fwd === undefined) return false;
  return !cache.collapsed && !cache.parent?.hit;
}
