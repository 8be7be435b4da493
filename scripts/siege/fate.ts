/** What became of an attacker's visit, beside what was to become of it. Pure. */
import { attackers, type Attack } from "./attackers.ts";
import type { Result } from "./protocol.ts";

/** In the words of the report. */
export const fates = {
  refused: "refused",
  otherwise: "refused for another reason",
  "within-limit": "within a limit",
  through: "let through",
  unanswered: "unanswered",
} as const;

export type Fate = keyof typeof fates;

/** How many there were of each. */
export type Fates = Readonly<Record<Fate, number>>;

const byName = new Map(attackers.map((attack) => [attack.name, attack]));

export function fateOf({ kind, outcome }: Result): Fate {
  const attack = byName.get(kind)!;
  if (outcome.is === "served") return isLimited(attack) ? "within-limit" : "through";
  if (outcome.is === "failed") return outcome.because.startsWith("status ") ? "through" : "unanswered";
  return attack.refusals.some((refusal) => outcome.because.startsWith(refusal)) ? "refused" : "otherwise";
}

export function fatesOf(results: readonly Result[]): Fates {
  const counts = { refused: 0, otherwise: 0, "within-limit": 0, through: 0, unanswered: 0 };
  for (const result of results) counts[fateOf(result)]++;
  return counts;
}

/** Whether a limit lets some of them in. */
export function isLimited({ flooders }: Attack): boolean {
  return flooders !== undefined;
}

/** As many visits of all who are counted a limit may let in, in so many seconds. */
export function mostWithin(limit: number, seconds: number): number {
  const clients = attackers.reduce((sum, { flooders = 0 }) => sum + flooders, 0);
  return clients * limit * (Math.ceil(seconds / 60) + 1);
}
