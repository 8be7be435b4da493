/** What a siege comes to. Pure. */
import { latenessOf, quantile, sorted, type Lateness } from "../load/quantile.ts";
import { attackers } from "./attackers.ts";
import { phaseNames, type Count, type Seen } from "./run.ts";
import type { Kind } from "./kind.ts";
import { people } from "./people.ts";
import type { Result } from "./protocol.ts";
import { fatesOf, isLimited, type Fates } from "./fate.ts";
import { missedOf } from "./targets.ts";

export interface PhaseFinding {
  readonly name: string;
  /** People's visits, and of those which were refused, and went wrong in another way. */
  readonly people: number;
  readonly refused: number;
  readonly failed: number;
  /** Milliseconds of people's visits: the median, and what 99 of 100 don't exceed. */
  readonly p50: number;
  readonly p99: number;
  readonly attackers: number;
  readonly fates: Fates;
  /** Requests that the origin saw: of people, of attackers whom a limit lets in, and of others. */
  readonly asked: Readonly<Record<"people" | "limited" | "others", number>>;
  /** Of the time, in which the edge had a processor, and in which it waited for one that others had. */
  readonly cpu: number;
  readonly waited: number;
}

export interface KindFinding {
  readonly name: string;
  readonly visits: number;
  readonly fates: Fates;
  /** What the edge said, and how often; the most frequent first. */
  readonly said: readonly (readonly [says: string, times: number])[];
}

export interface Findings {
  readonly phases: readonly PhaseFinding[];
  readonly kinds: readonly KindFinding[];
  /** Of a phase. */
  readonly seconds: number;
  /** Of all visits in the siege, those that were refused. */
  readonly share: number;
  /** The p99 of people in the siege, in times of that before. */
  readonly slower: number;
  /** Microseconds of the edge's CPU that a refused visit took. */
  readonly cost: number;
  /** What went wrong with people's visits, and how often. */
  readonly wrong: readonly (readonly [says: string, times: number])[];
  readonly late: Lateness;
  /** What was missed, in sentences; none when the siege holds what it is to hold. */
  readonly missed: readonly string[];
}

export function findingsOf(seen: Seen): Findings {
  const phases = phaseNames.map((_, index) => phaseOf(seen, index));
  const [quiet, siege] = phases as [PhaseFinding, PhaseFinding];
  const seconds = (seen.bounds[1]! - seen.bounds[0]!) / 1000;
  const refused = seen.attackers.filter(({ outcome }) => outcome.is === "refused").length;
  const forPeople = (quiet.cpu / quiet.people) * siege.people;
  const findings = {
    phases,
    kinds: attackers.map(({ name }) => kindOf(name, seen)),
    seconds,
    share: refused / (siege.people + siege.attackers),
    slower: siege.p99 / quiet.p99,
    cost: ((siege.cpu - forPeople) * seconds * 1e6) / refused,
    wrong: countsOf(
      seen.people.flatMap(({ kind, outcome }) => (outcome.is === "served" ? [] : [`${kind}: ${outcome.because}`])),
    ),
    late: latenessOf([...seen.people, ...seen.attackers]),
  };
  return { ...findings, missed: missedOf(findings) };
}

function phaseOf(seen: Seen, index: number): PhaseFinding {
  const [from, until] = [seen.bounds[index]!, seen.bounds[index + 1]!];
  const within = (results: readonly Result[]): Result[] => results.filter(({ due }) => due >= from && due < until);
  const [visits, attacks] = [within(seen.people), within(seen.attackers)];
  const times = sorted(visits.map(({ ms }) => ms));
  const [before, after] = [seen.counts[index]!, seen.counts[index + 1]!];
  return {
    name: phaseNames[index]!,
    people: visits.length,
    refused: visits.filter(({ outcome }) => outcome.is === "refused").length,
    failed: visits.filter(({ outcome }) => outcome.is === "failed").length,
    p50: quantile(times, 0.5),
    p99: quantile(times, 0.99),
    attackers: attacks.length,
    fates: fatesOf(attacks),
    asked: {
      people: askedOf(people, before, after),
      limited: askedOf(attackers.filter(isLimited), before, after),
      others: askedOf(
        attackers.filter((kind) => !isLimited(kind)),
        before,
        after,
      ),
    },
    cpu: (after.edge.ran - before.edge.ran) / 1e3 / (until - from),
    waited: (after.edge.waited - before.edge.waited) / 1e3 / (until - from),
  };
}

/** Of these kinds. */
function askedOf(kinds: readonly Kind[], before: Count, after: Count): number {
  return kinds.reduce((sum, { name }) => sum + (after.asked[name] ?? 0) - (before.asked[name] ?? 0), 0);
}

function kindOf(name: string, seen: Seen): KindFinding {
  const results = seen.attackers.filter(({ kind }) => kind === name);
  const said = results.map(({ outcome }) => (outcome.is === "served" ? "served" : outcome.because));
  return { name, visits: results.length, fates: fatesOf(results), said: countsOf(said) };
}

/** The most frequent first. */
function countsOf(said: readonly string[]): [string, number][] {
  const counts = new Map<string, number>();
  for (const each of said) counts.set(each, (counts.get(each) ?? 0) + 1);
  return [...counts].toSorted(([, one], [, other]) => other - one);
}
