/** What the guard of a variant gets to see: how origins answer those who see it, and those who see the control. */
import { clusters } from "../analytics.ts";
import type { Answer } from "../answer.ts";
import { hashOf } from "../http/hash.ts";
import { groupOf } from "../http/ip-form.ts";
import type { Enrolled } from "../visit.ts";
import { clientKey } from "./client.ts";
import type { In } from "./convert.ts";

/**
 * Of the visits of a client within a few seconds only the first: a single one that asks for something broken again and again is no
 * proof of anything.
 */
export function countAnswer(
  visit: Enrolled,
  answer: Answer,
  { experiment, variant, edge }: In & { readonly variant: string },
): void {
  const { measured } = experiment;
  if (!measured.variants.some(({ guard }) => guard) || !isOriginsDoing(answer)) return;
  if (!edge.analytics.isNew(`answer ${experiment.name} ${clientKey(visit, edge)}`)) return;
  const ms = edge.now() - visit.startedAt;
  const cluster = hashOf(groupOf(visit.client.ip, edge.config.settings.group)) % clusters;
  edge.analytics.count(measured, variant, { kind: "answer", failed: isFailure(answer), ms, cluster });
}

/** Also one that its client doesn't see, because a stale answer stands in. */
function isFailure({ status, cache }: Answer): boolean {
  return status >= 500 || cache?.detail === "stale-if-error";
}

/**
 * Whether an origin was asked for just this visit: hits tell nothing of the variant, and a variant that is new has fewer of them
 * than the control.
 */
function isOriginsDoing({ cache, because }: Answer): boolean {
  if (because === "client-error" || cache?.fwd === undefined) return false;
  return !cache.collapsed && !cache.parent?.hit;
}
