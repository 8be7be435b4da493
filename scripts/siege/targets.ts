/** What a siege is to hold. Pure. */
import type { Findings } from "./findings.ts";
import { mostWithin } from "./fate.ts";
import { most as mostLogins } from "./site.ts";

/** People's p99 in the siege, in times of that before. */
const mostSlower = 2;

interface Target {
  /** What is counted. */
  readonly what: string;
  readonly of: (findings: Judged) => number;
  /** The most that there may be. */
  readonly most: (findings: Judged) => number;
}

/** All but the verdict. */
export type Judged = Omit<Findings, "missed">;

const none = (): number => 0;

const sumOf = ({ phases }: Judged, of: (phase: Judged["phases"][0]) => number): number =>
  phases.reduce((sum, phase) => sum + of(phase), 0);

const targets: readonly Target[] = [
  { what: "people's visits that were refused", of: (all) => sumOf(all, ({ refused }) => refused), most: none },
  { what: "people's visits that failed", of: (all) => sumOf(all, ({ failed }) => failed), most: none },
  {
    what: "attackers' visits that were let through",
    of: (all) => sumOf(all, ({ fates }) => fates.through),
    most: none,
  },
  {
    what: "attackers' visits that were refused for another reason than was meant",
    of: (all) => sumOf(all, ({ fates }) => fates.otherwise),
    most: none,
  },
  {
    what: "attackers' visits that a limit let in, and the origin saw",
    of: (all) => sumOf(all, ({ asked }) => asked.limited),
    most: ({ seconds }) => mostWithin(mostLogins, seconds),
  },
  {
    what: "other attackers' visits that the origin saw",
    of: (all) => sumOf(all, ({ asked }) => asked.others),
    most: none,
  },
  { what: "people's p99 in the siege, in times of that before", of: ({ slower }) => slower, most: () => mostSlower },
];

/** What was missed, in sentences; none when all is as it is to be. */
export function missedOf(findings: Judged): readonly string[] {
  return targets.flatMap(({ what, of, most }) => {
    const [value, atMost] = [of(findings), most(findings)];
    return value <= atMost ? [] : [`${what}: ${shown(value)}; at most ${atMost} may be`];
  });
}

/** A line each. */
export function targetLines(findings: Judged): readonly string[] {
  return targets.map(({ what, of, most }) => `${what}: ${shown(of(findings))} (target: at most ${most(findings)})`);
}

function shown(value: number): string {
  return Number.isInteger(value) ? String(value) : value.toFixed(2);
}
