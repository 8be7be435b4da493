/** What a site says of bots, once the rules have spoken: its policy for AI, and what it does by the score. */
import type { Answer } from "../../answer.ts";
import type { Edge } from "../../edge.ts";
import { nothing } from "../../tally.ts";
import type { Identified } from "../../visit.ts";
import { noteMonitored, unseen } from "../monitor.ts";
import { aiRefusal } from "./policy.ts";
import { degreeFor, impose } from "./thresholds.ts";

/** The refusal, if there is one. In the tally, the two are called by the site's name, such as "www.ai" and "www.bots". */
export async function imposeSite(visit: Identified, edge: Edge): Promise<Answer | undefined> {
  return imposeAi(visit, edge) ?? imposeThresholds(visit, edge);
}

function imposeAi(visit: Identified, edge: Edge): Answer | undefined {
  const { ai, name: site } = visit.site;
  if (!ai) return undefined;
  const refusal = aiRefusal(ai.monitor ? unseen(visit) : visit);
  if (!refusal?.because) return undefined;
  const [name, outcome] = [`${site}.ai`, refusal.because];
  if (!ai.monitor) edge.tally.count(name, "did", outcome);
  else noteMonitored(visit, edge, { name, outcome });
  return ai.monitor ? undefined : refusal;
}

async function imposeThresholds(visit: Identified, edge: Edge): Promise<Answer | undefined> {
  const { bots, name: site } = visit.site;
  const degree = bots && degreeFor(visit);
  if (!degree) return undefined;
  const name = `${site}.bots`;
  if (bots.monitor) {
    noteMonitored(visit, edge, { name, outcome: degree });
    return undefined;
  }
  const refusal = await impose(visit, degree, edge);
  // Who has passed a challenge before goes on.
  edge.tally.count(name, "did", refusal || degree === "log" ? degree : nothing);
  return refusal;
}
