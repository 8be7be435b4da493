/**
 * Door of the shield room: both ends of the way between a location and its shield. A shield is a parent cache that runs
 * the same rooms once more, so that what misses in many places is one question to the origin.
 */
import type { Answer } from "../answer.ts";
import type { HeaderEdits } from "../config/model.ts";
import type { Edge, Mark } from "../edge.ts";
import { EdgeError } from "../error.ts";
import { parseDirectives } from "../http/directives.ts";
import type { Asked, ShieldPlace, Terms, Told, Upstream } from "../hop.ts";
import type { Planned, Visit } from "../visit.ts";
import { placeOf, spelled } from "./place.ts";
import { toAnswer, toAsked, toTold, toToldFailure, toVisit } from "./spoken.ts";

export { asAsked } from "./place.ts";

/**
 * At the location: through the shield, where the config wants one and the answer may be for others too; else what `ask`
 * does, which goes to the origin. That is asked directly as well when the shield doesn't answer: one that is down costs
 * time, not the site. An origin that failed the shield has failed the location, and isn't asked again.
 */
export function throughShield(visit: Planned, edge: Edge, ask: Upstream["ask"]): Upstream {
  const { plan, caching } = visit;
  if (!caching.shield) return { ask, forget: async () => {} };
  return {
    async ask(edits, terms) {
      if (plan.kind === "bypass" || isPersonal(visit) || edge.flights.isUnshared(plan.key)) return ask(edits, terms);
      return (await askShield(visit, edge, { at: placeOf(visit, plan.key), edits, terms })) ?? ask(edits, terms);
    },
    forget: async (key) => edge.shield?.forget(placeOf(visit, key), key),
  };
}

/** Its answer would not be kept: a stop on the way helps nobody. */
function isPersonal({ fields }: Visit): boolean {
  return fields.has("authorization") || parseDirectives(fields.get("cache-control")).has("no-store");
}

interface Asking {
  readonly at: ShieldPlace;
  readonly edits: HeaderEdits;
  readonly terms: Terms | undefined;
}

/** What the shield says; undefined when the origin is to be asked directly. */
async function askShield(visit: Planned, edge: Edge, asking: Asking): Promise<Answer | undefined> {
  const startedAt = edge.now();
  const told = await tell(visit, edge, asking);
  const came = typeof told === "string" ? told : decidedIn(told);
  visit.trail.note("shield", `${spelled(asking.at)}:${came}`, edge.now() - startedAt);
  if (typeof told === "string") return undefined;
  for (const { room, decision, ms } of told.trail) if (room === "origin") visit.trail.note(room, decision, ms);
  if (told.kind === "failed") throw new EdgeError(told.source, told.because, `told by the shield: ${told.detail}`);
  return toAnswer(told);
}

/** Why the shield says nothing that is of use. */
type Wordless = "not-bound" | "silent" | "unreachable" | "declined";

async function tell(visit: Planned, edge: Edge, { at, edits, terms = {} }: Asking): Promise<Useful | Wordless> {
  if (!edge.shield) return "not-bound";
  try {
    const told = await edge.shield.ask(at, { ...toAsked(visit, edits, terms), region: at.region });
    return told.kind === "declined" ? told.kind : told;
  } catch (error) {
    if (error instanceof Error && error.name === "TimeoutError") return "silent";
    edge.defer(Promise.reject(error));
    return "unreachable";
  }
}

type Useful = Exclude<Told, { readonly kind: "declined" }>;

/** What its cache decided: "hit", or "uri-miss". */
function decidedIn({ trail }: Useful): string {
  return trail.flatMap(({ room, decision }) => (room === "cache" ? [decision] : [])).join(",");
}

/** The visit through the rooms of the shield; undefined when they would not let it come to the cache. */
type Travel = (visit: Visit, edge: Edge) => Promise<Answer | undefined>;

/**
 * At the shield: what comes of a location's visit.
 * @throws what is a bug: the location then asks the origin itself.
 */
export async function answerLocation(asked: Asked, edge: Edge, travel: Travel): Promise<Told> {
  const visit = toVisit(asked, edge.now());
  try {
    const answer = await travel(visit, asked.purged ? knowing(edge, asked.purged) : edge);
    return answer ? toTold(visit, answer) : { kind: "declined" };
  } catch (error) {
    if (error instanceof EdgeError) return toToldFailure(visit, error);
    throw error;
  }
}

/** The edge with a mark that came to the location first: by it, all is purged that could answer this visit. */
function knowing(edge: Edge, mark: Mark): Edge {
  const { marks } = edge;
  const covering: Edge["marks"]["covering"] = (subject) => {
    const own = marks.covering(subject);
    return own?.soft === false || subject.askedAt > mark.at ? own : mark;
  };
  return { ...edge, marks: { ...marks, covering } };
}
