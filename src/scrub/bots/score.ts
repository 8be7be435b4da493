/** The score of one visit. */
import type { Proof, Score, Weight } from "../../visit.ts";
import { signalsOf, type NamedVisit } from "./signals.ts";

const highest = 100;

const impostor: Weight = { name: "impostor", points: highest };

/**
 * The signals are looked at when somebody asks for the first time, and once. Against who has proved who it is only rules
 * speak; who was found to lie needs no further sign.
 */
export function createScore(visit: NamedVisit): Score {
  const ofRules: Weight[] = [];
  let signals: readonly Weight[] | undefined;
  const weights = (proof: Proof): readonly Weight[] => {
    const seen = (signals ??= signalsOf(visit));
    if (proof === "verified") return ofRules;
    return proof === "impostor" ? [impostor, ...seen, ...ofRules] : [...seen, ...ofRules];
  };
  return {
    weights,
    total: (proof) =>
      Math.min(
        highest,
        weights(proof).reduce((sum, { points }) => sum + points, 0),
      ),
    add: (weight) => void ofRules.push(weight),
    wasAsked: () => signals !== undefined,
  };
}

/** For the trail: "score:45=tool:30,slow-down:15". */
export function spelled(score: Score, proof: Proof): string {
  const parts = score.weights(proof).map(({ name, points }) => `${name}:${points}`);
  return `score:${score.total(proof)}${parts.length > 0 ? `=${parts.join(",")}` : ""}`;
}
