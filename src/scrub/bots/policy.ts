/** A site's policy for those that work for language models: who is served, who has to prove who it is, and who has to pay. */
import { refuse, type Answer } from "../../answer.ts";
import type { AiAccess } from "../../config/model.ts";
import { isRobotsPath } from "../../http/robots.ts";
import { tokenOf } from "../../trail.ts";
import type { Identified } from "../../visit.ts";
import { answerOffer } from "./price.ts";

type Enforce = (visit: Identified, access: AiAccess) => Answer | undefined;

const enforcing: Readonly<Record<AiAccess["to"], Enforce>> = {
  all: () => undefined,
  verified: ({ proof }) => (proof === "verified" ? undefined : refuse("bot-unverified")),
  none: () => refuse("bot-refused"),
  payers: ({ fields }, access) => answerOffer(fields, "price" in access ? access.price : undefined),
};

/** Its refusal, if it has one. Everybody may read what the policy is, in robots.txt. */
export function aiRefusal(visit: Identified): Answer | undefined {
  const access = visit.site.ai?.access.get(visit.kind);
  if (!access || isRobotsPath(visit.url.pathname)) return undefined;
  const refusal = enforcing[access.to](visit, access);
  if (refusal) visit.trail.note("scrub", tokenOf(`${refusal.because}:${visit.kind}:${visit.bot}`));
  return refusal;
}
