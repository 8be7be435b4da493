/** What counts against a client, and what isn't its doing. */
import type { Answer } from "../../answer.ts";
import type { Reason } from "../../reasons.ts";
import type { Sited } from "../../visit.ts";

/**
 * Whether what came of a visit may count against its client. Never does: what the edge or its operator couldn't do; being asked for
 * some work; having shown nothing, or what was good once; and what another site's page made a browser ask for. A password or token
 * that never was any is a guess, which no such page can make.
 */
export function isMisdeed(visit: Sited, answer: Answer): boolean {
  const { because, status } = answer;
  if (because !== undefined && status >= 500) return false;
  if (because !== undefined && harmless.has(because)) return false;
  // Over a limit, it left while it waited for its turn.
  if (because === "rate-limited" && visit.request.signal.aborted) return false;
  const shown = because === "sign-in-needed" || because === "not-let-in" ? shownTo(visit, because) : undefined;
  if (shown && isHonest(shown)) return false;
  return because === "sign-in-needed" || !isEmbedded(visit);
}

/** What the edge answers to those that do nothing wrong. */
const harmless: ReadonlySet<Reason> = new Set(["challenged", "preflight", "https-only"]);

interface ShownToRule {
  /** Such as "jwt". */
  readonly kind: string;
  /** What is wrong with it, such as "expired". */
  readonly flaw: string;
}

/** By the trail, in which such a refusal is "sign-in-needed:jwt:expired:RULE". */
function shownTo({ trail }: Sited, because: string): ShownToRule | undefined {
  const step = trail.steps.findLast(({ room, decision }) => room === "scrub" && decision.startsWith(`${because}:`));
  const [, kind = "", flaw = ""] = step?.decision.split(":") ?? [];
  return step && { kind, flaw };
}

/** With which nobody guesses: nothing; what somebody signed who is believed. */
const honest: ReadonlySet<string> = new Set(["none", "expired", "claim"]);

/** Which page a visit comes from is a matter of that page. */
function isHonest({ kind, flaw }: ShownToRule): boolean {
  return kind === "hotlink" || honest.has(flaw);
}

/** Fetch Metadata: for another site's page, and not because somebody goes from there to here. */
function isEmbedded({ fields }: Sited): boolean {
  if (fields.get("sec-fetch-site") !== "cross-site") return false;
  return fields.get("sec-fetch-mode") !== "navigate" || (fields.get("sec-fetch-dest") ?? "document") !== "document";
}
