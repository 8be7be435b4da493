/** A list that is in a store: empty until it has been read, and then what was read last. */
import { FixedList, type List } from "./fixed.ts";

/** Where a list is, and how it is kept up to date. Times in milliseconds. */
export interface ListSource {
  readonly store: "kv" | "r2";
  /** The name of the store's binding. */
  readonly binding: string;
  readonly key: string;
  /** From one look at the store to the next, while there are visits. */
  readonly refresh: number;
  /** How long the first visits wait for it at most. */
  readonly wait: number;
}

/** Has no member until it is read. */
export class StoredList implements List {
  readonly source: ListSource;
  #list: List = FixedList.of([]);

  constructor(source: ListSource) {
    this.source = source;
  }

  hasText(text: string): boolean {
    return this.#list.hasText(text);
  }

  hasAsn(asn: number): boolean {
    return this.#list.hasAsn(asn);
  }

  /** From now on it has these members. */
  replace(list: List): void {
    this.#list = list;
  }
}
