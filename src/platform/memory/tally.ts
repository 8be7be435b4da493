import type { Tally, TallyColumn } from "../../tally.ts";

interface Row {
  matched: number;
  readonly did: Map<string, number>;
  readonly would: Map<string, number>;
}

/** In the isolate's memory, from zero with every config. */
export function createTally(): Tally {
  const rows = new Map<string, Row>();
  const rowOf = (name: string): Row => {
    const known = rows.get(name);
    if (known) return known;
    const made: Row = { matched: 0, did: new Map(), would: new Map() };
    rows.set(name, made);
    return made;
  };
  return {
    count(name, column: TallyColumn, outcome) {
      const row = rowOf(name);
      row.matched += 1;
      row[column].set(outcome, (row[column].get(outcome) ?? 0) + 1);
    },
    rows: () =>
      [...rows].map(([name, { matched, did, would }]) => ({
        name,
        matched,
        did: Object.fromEntries(did),
        would: Object.fromEntries(would),
      })),
  };
}
