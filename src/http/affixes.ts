/** What is known by the beginning and the end of a text, however many there are: looked for by their lengths. */

/** Text before and after what isn't known. */
export interface Around {
  readonly before: string;
  readonly after: string;
}

/** Values by one part of a text, with its lengths, the longest first. */
interface ByPart<V> {
  readonly values: Map<string, V>;
  readonly lengths: number[];
}

export class Affixes<T> {
  readonly #befores: ByPart<ByPart<T>> = parts();

  /** The value that is there, or else the one that `make` makes. */
  enter({ before, after }: Around, make: () => T): T {
    return enter(enter(this.#befores, before, parts<T>), after, make);
  }

  /**
   * The first that `use` makes something of: the longest `before` comes first, then the longest `after`.
   * @param least units between the two.
   */
  find<R>(text: string, least: number, use: (value: T, between: string) => R | undefined): R | undefined {
    for (const start of this.#befores.lengths) {
      if (start + least > text.length) continue;
      const afters = this.#befores.values.get(text.slice(0, start));
      if (!afters) continue;
      for (const length of afters.lengths) {
        const end = text.length - length;
        if (start + least > end) continue;
        const value = afters.values.get(text.slice(end));
        const used = value === undefined ? undefined : use(value, text.slice(start, end));
        if (used !== undefined) return used;
      }
    }
    return undefined;
  }
}

function parts<V>(): ByPart<V> {
  return { values: new Map(), lengths: [] };
}

function enter<V>({ values, lengths }: ByPart<V>, part: string, make: () => V): V {
  const known = values.get(part);
  if (known !== undefined) return known;
  const made = make();
  values.set(part, made);
  if (!lengths.includes(part.length)) lengths.push(part.length);
  lengths.sort((one, other) => other - one);
  return made;
}
