/** What is refused for its form, whatever rules say. */
import { refuse, type Answer } from "../answer.ts";
import type { Settings } from "../config/model.ts";
import type { PathFlaw } from "../http/path.ts";
import { isAmbiguous } from "../http/path-readings.ts";
import type { Sited } from "../visit.ts";
import { fieldFlaw } from "./fields.ts";
import { overLimit } from "./limits.ts";
import { refuseMethod } from "./method.ts";

/** The refusal of what is too much, is written as nobody may, or asks for what the site has not. */
export function refuseMalformed(visit: Sited, settings: Settings): Answer | undefined {
  const refusal = refuseMethod(visit);
  if (refusal) return refusal;
  const because = overLimit(visit, settings.limits) ?? fieldFlaw(visit, settings);
  if (because) {
    visit.trail.note("scrub", because);
    return refuse(because);
  }
  const flaw = flawOf(visit);
  if (!flaw) return undefined;
  visit.trail.note("scrub", `bad-path:${flaw}`);
  return refuse("bad-path");
}

/** What is wrong with the path for every site, or for one that takes only what all servers read alike. */
function flawOf({ url, site }: Sited): PathFlaw | "ambiguous" | undefined {
  return url.flaw ?? (site.paths === "strict" && isAmbiguous(url.pathname) ? "ambiguous" : undefined);
}
