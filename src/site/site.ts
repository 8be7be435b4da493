/** Door of the site room: which site's rules apply. */
import { refuse } from "../answer.ts";
import type { Site, SiteIndex } from "../config/model.ts";
import type { Edge } from "../edge.ts";
import { tokenOf } from "../trail.ts";
import { answered, go, type Sited, type Step, type Visit } from "../visit.ts";

/**
 * The site of the visited host; an unknown host is answered 421 (RFC 9110 §15.5.20). The host chooses among what is
 * configured and nothing else: what is fetched is always a configured origin's.
 */
export function findSite(visit: Visit, edge: Edge): Step<Sited> {
  const site = siteOf(visit.url.hostname, edge.config.sites);
  if (!site) {
    visit.trail.note("site", "unknown-host");
    return answered(refuse("unknown-host"));
  }
  visit.trail.note("site", tokenOf(site.name));
  return go({ ...visit, site });
}

/** @param host as a visited URL has it: lower case, no port, no dot at its end. */
function siteOf(host: string, { exact, wildcard, any }: SiteIndex): Site | undefined {
  return exact.get(host) ?? longestWildcard(host, wildcard) ?? any;
}

/** Longer is no domain name (RFC 1035 §2.3.4), and would only cost look-ups. */
const longestName = 253;

/** A wildcard stands for one or more labels: "*.example.com" has "a.b.example.com" but not "example.com". */
function longestWildcard(host: string, wildcard: SiteIndex["wildcard"]): Site | undefined {
  if (wildcard.size === 0 || host.length > longestName) return undefined;
  for (let dot = host.indexOf(".", 1); dot !== -1; dot = host.indexOf(".", dot + 1)) {
    const site = wildcard.get(host.slice(dot));
    if (site) return site;
  }
  return undefined;
}
