/** With which methods a site may be asked. */
import { refuse, type Answer } from "../answer.ts";
import type { Sited } from "../visit.ts";

/** 405 for a method that the site doesn't take, with those that it does (RFC 9110 §15.5.6). */
export function refuseMethod({ method, site, trail }: Sited): Answer | undefined {
  if (site.methods.has(method)) return undefined;
  trail.note("scrub", "method-not-allowed");
  return refuse("method-not-allowed", { allow: [...site.methods].join(", ") });
}
