/** What a choice among origins takes, by policy and by how many there are. In this process: it asks nobody. */
import { policyNames, type PolicyName } from "../../src/config/upstream.ts";
import type { Place } from "../simulate/place.ts";
import { timeBatches } from "./batches.ts";
import { BenchError } from "./bench-error.ts";
import { chooseFor, createChooser, knowledge, visitsTo, type Knowledge } from "./choosers.ts";
import { judge, spreadOf, type Spread, type Verdict } from "./figures.ts";
import { align, renderVerdict } from "./report.ts";
import type { Section } from "./section.ts";

/** Microseconds a choice. */
export interface Choices {
  readonly policy: PolicyName;
  readonly known: Knowledge;
  /** By the number of origins. */
  readonly spreads: Readonly<Record<number, Spread>>;
  readonly verdict?: Verdict;
}

const counts = [3, 100, 10_000];
const most = counts.at(-1)!;

/** Of the median among ten thousand. */
const targets: Partial<Record<PolicyName, number>> = { nearest: 20 };

const everyKnowledge = Object.keys(knowledge) as readonly Knowledge[];
const titleOf = (policy: PolicyName): string => `cost of a choice: ${policy}`;

export const choosing: Section = {
  titles: policyNames.map(titleOf),
  run: async (isWanted, { rounds, progress }) => {
    const rows: Choices[] = [];
    const wanted = policyNames.filter((policy) => isWanted(titleOf(policy)));
    for (const known of everyKnowledge) {
      const places = counts.map((count) => [count, createChooser(count, known)] as const);
      for (const policy of wanted) {
        progress(`${titleOf(policy)}, ${known}`);
        const spreads = Object.fromEntries(places.map(([count, place]) => [count, timeEach(policy, place, rounds)]));
        rows.push(toChoices(policy, known, spreads));
      }
    }
    return { tables: renderChoices(rows), failures: [], figures: { choices: rows } };
  },
};

export function toChoices(policy: PolicyName, known: Knowledge, spreads: Choices["spreads"]): Choices {
  const target = targets[policy];
  const verdict = target === undefined ? {} : { verdict: judge(spreads[most]!.middle, target) };
  return { policy, known, spreads, ...verdict };
}

/** Choices of a round that only let the code be compiled, those that are timed, and those that are timed together. */
const [warming, timed, batch] = [1_000, 1_000, 50];

/** Microseconds a choice, of the rounds. */
function timeEach(policy: PolicyName, place: Place, rounds: number): Spread {
  const ask = (visit: Parameters<typeof chooseFor>[0]): boolean => chooseFor(visit, place).length > 0;
  const visits = visitsTo(place, policy, timed);
  timeBatches(visitsTo(place, policy, warming), batch, ask);
  const rounded = Array.from({ length: rounds }, () => timeBatches(visits, batch, ask));
  if (rounded.some(({ yes }) => yes < timed)) throw new BenchError(`${titleOf(policy)}: nobody was chosen`);
  return spreadOf(rounded.map(({ each }) => each / 1000));
}

/** A table for each state of knowledge. */
export function renderChoices(rows: readonly Choices[]): readonly string[] {
  const headings = ["", ...counts.flatMap((count) => [count.toLocaleString("en-US"), "lowest–highest"]), "target"];
  return [...Map.groupBy(rows, ({ known }) => known)].map(
    ([known, group]) => `µs a choice, ${known}, of so many origins\n${align([headings, ...group.map(toCells)])}`,
  );
}

function toCells({ policy, spreads, verdict }: Choices): readonly string[] {
  const figures = counts.flatMap((count) => {
    const { middle, lowest, highest } = spreads[count]!;
    return [middle.toFixed(1), `${lowest.toFixed(1)}–${highest.toFixed(1)}`];
  });
  return [policy, ...figures, verdict ? renderVerdict(verdict, `${verdict.atMost} µs`) : ""];
}
