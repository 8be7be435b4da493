/** A list that is in a store: empty until it has been read, and then what was read last. */
import type { Header } from "./binary.ts";
import { FixedList, type List } from "./fixed.ts";
import { readList } from "./read.ts";

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

/** What was read from a store. */
export interface ReadFromStore {
  /** By which two files are told apart. */
  readonly header: unknown;
  readonly content: unknown;
  /** Of memory that it takes. */
  readonly bytes: number;
}

/** Something of the config that is in a store. */
export interface InStore {
  readonly source: ListSource;
  /** What it is, for the operator's log. */
  readonly called: string;
  /** What it is like until it can be read, for the same. */
  readonly until: string;
  /**
   * Reads it from a stream.
   * @param known the header of the one that is in use.
   * @param admit is asked about its bytes before memory is taken for them, and throws when there is no room.
   * @returns undefined when it is the known one.
   */
  read(
    body: ReadableStream<Uint8Array>,
    known: unknown,
    admit: (bytes: number) => void,
  ): Promise<ReadFromStore | undefined>;
  /** From now on it is this. */
  replace(content: unknown): void;
}

/** Has no member until it is read. */
export class StoredList implements List, InStore {
  readonly source: ListSource;
  readonly called = "list";
  readonly until = "it has no members until it can be";
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

  async read(
    body: ReadableStream<Uint8Array>,
    known: Header | undefined,
    admit: (bytes: number) => void,
  ): Promise<ReadFromStore | undefined> {
    const read = await readList(body, known, admit);
    return read && { ...read, content: read.list };
  }

  /** From now on it has these members. */
  replace(list: List): void {
    this.#list = list;
  }
}
