/** Who it is that visits. */
import type { Edge } from "../edge.ts";
import type { Clean, Identified, Sited, Who } from "../visit.ts";
import { nameOf, type Named } from "./bots/name.ts";
import { createScore } from "./bots/score.ts";
import { verify, type Verdict } from "./bots/verify/verify.ts";
import { recogniseRules } from "./rules.ts";

/**
 * The same visit at a shield: it was let in at its location, where it was also found out who it is, so that only which rules
 * apply is asked again.
 */
export function recognise(visit: Sited, who: Who, edge: Edge): Clean {
  const identified = { ...visit, ...who, score: createScore({ ...visit, ...who }) };
  return { ...identified, dues: [], rules: recogniseRules(identified, edge) };
}

/** Who it is: at once, unless a signature has to be looked at. */
export function identify(visit: Sited, edge: Edge): Identified | Promise<Identified> {
  const { bots: table } = edge.config;
  const named = nameOf(visit.fields.get("user-agent"), { table, remember: edge.remember });
  const verdict = verify(visit, named.bot, edge);
  const toIdentified = ({ proof, by, bot = named.bot }: Verdict): Identified => {
    if (by !== undefined) visit.trail.note("scrub", `${proof}:${by}`);
    const known: Named = bot === named.bot ? named : { bot, kind: table.find(bot)?.kind ?? "unknown" };
    return { ...visit, ...known, proof, score: createScore({ ...visit, ...known }) };
  };
  return verdict instanceof Promise ? verdict.then(toIdentified) : toIdentified(verdict);
}
