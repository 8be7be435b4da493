/** Sets of UTF-16 code units, and of characters. */

/** First and last of each range, in order, none touching another. */
export type Ranges = readonly (readonly [first: number, last: number])[];

/** The last code unit, and the last character. */
export const [most, mostOfAll] = [0xffff, 0x10ffff];

export function unite(...sets: readonly Ranges[]): Ranges {
  const united: [number, number][] = [];
  for (const [first, last] of sets.flat().toSorted((a, b) => a[0] - b[0])) {
    const before = united.at(-1);
    if (before && first <= before[1] + 1) before[1] = Math.max(before[1], last);
    else united.push([first, last]);
  }
  return united;
}

export function complement(set: Ranges): Ranges {
  const gaps: [number, number][] = [];
  let next = 0;
  for (const [first, last] of set) {
    if (first > next) gaps.push([next, first - 1]);
    next = last + 1;
  }
  return next > most ? gaps : [...gaps, [next, most]];
}

export function single(unit: number): Ranges {
  return [[unit, unit]];
}

function of(units: string): Ranges {
  return unite(...Array.from({ length: units.length }, (_, index) => single(units.charCodeAt(index))));
}

export const digits: Ranges = [[48, 57]];
export const wordUnits: Ranges = unite(digits, [[65, 90]], [[97, 122]], of("_"));
/** WhiteSpace and LineTerminator (ECMA-262 §12.2, §12.3). */
export const spaces: Ranges = unite(of("\t\n\v\f\r \u00a0\u1680\u2028\u2029\u202f\u205f\u3000\ufeff"), [
  [0x2000, 0x200a],
]);
export const lineEnds: Ranges = of("\n\r\u2028\u2029");

/** Classes of units that no set of a pattern tells apart, by number. */
export interface Alphabet {
  readonly size: number;
  /** Of the units below 128. */
  readonly ascii: Readonly<Uint16Array>;
  readonly classOf: (unit: number) => number;
  /** Numbers of the classes in a set that the alphabet was made from. */
  readonly within: (set: Ranges) => readonly number[];
}

export function alphabetOf(sets: readonly Ranges[]): Alphabet {
  const starts = [...new Set([0, ...sets.flat().flatMap(([first, last]) => [first, last + 1])])]
    .filter((start) => start <= mostOfAll)
    .toSorted((a, b) => a - b);
  const classOf = (unit: number): number => {
    let [low, high] = [0, starts.length];
    while (high - low > 1) {
      const middle = (low + high) >> 1;
      if (starts[middle]! <= unit) low = middle;
      else high = middle;
    }
    return low;
  };
  return {
    size: starts.length,
    ascii: Uint16Array.from({ length: 128 }, (_, unit) => classOf(unit)),
    classOf,
    within: (set) =>
      starts.flatMap((start, index) => (set.some(([first, last]) => first <= start && start <= last) ? [index] : [])),
  };
}
