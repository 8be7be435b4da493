/** Which contestants run in turn: those of one scenario, with objects of one size. */
import type { Contestant } from "./contestant.ts";
import { sizeNames, type SizeName } from "./objects.ts";
import { scenarios, type Entrant, type Scenario } from "./scenarios.ts";

export interface Heat {
  readonly scenario: Scenario;
  readonly size: SizeName;
  readonly entrants: readonly Entrant[];
}

/** By which `--only` finds an entrant, and progress is told. */
export function titleOf({ scenario, size }: Heat, { name }: Contestant): string {
  return `${scenario.name}, ${size}: ${name}`;
}

/** All of them, in the order of the tables. */
export const allHeats: readonly Heat[] = scenarios.flatMap((scenario) =>
  sizeNames.map((size) => ({
    scenario,
    size,
    entrants: scenario.entrants.filter(({ sizes }) => sizes?.includes(size) ?? true),
  })),
);

/** With those whose title is wanted and the ones they are compared with, without those who can't take part; none is empty. */
export function chooseHeats(
  isWanted: (title: string) => boolean,
  isHere: (contestant: Contestant) => boolean,
): readonly Heat[] {
  return allHeats.flatMap((heat) => {
    const { against } = heat.scenario;
    const here = heat.entrants.filter(({ contestant }) => isHere(contestant));
    const wanted = here.filter(({ contestant }) => isWanted(titleOf(heat, contestant)));
    const entrants = here.filter((entrant) => wanted.includes(entrant) || entrant.contestant === against);
    return wanted.length > 0 ? [{ ...heat, entrants }] : [];
  });
}
