/** Door of the site room: which site's rules apply. */
import { refuse } from "../answer.ts";
import type { Edge } from "../edge.ts";
import { answered, go, type Sited, type Step, type Visit } from "../visit.ts";

/** The site of the visited host; an unknown host is answered 421 (RFC 9110 §15.5.20). */
export function findSite(visit: Visit, edge: Edge): Step<Sited> {
  const site = edge.config.sites.any;
  return site ? go({ ...visit, site }) : answered(refuse("unknown-host"));
}
