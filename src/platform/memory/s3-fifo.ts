import { Queue, type Linked } from "./queue.ts";

/** Of the whole, for values that nobody has asked for since they came. */
const smallShare = 0.1;

/** Of the whole, for the keys of values that left. */
const ghostShare = 1 / 16;

/** Uses that are counted: a value stays for at most this many rounds after the last one. */
const mostUses = 3;

/** Bytes that a key costs besides its letters: its place in the map, the entry, and the objects a value consists of. */
const bookkeeping = 400;

/**
 * Values by key, within a number of bytes. What has to leave is chosen by S3-FIFO (Yang, Zhang, Qiu, Yue and Rashmi: "FIFO
 * queues are all you need for cache eviction", SOSP 2023): a new value waits in a small queue, and only one that is asked
 * for again by the time its turn comes goes on to the main one. Most values of a web cache are asked for once: those
 * leave soon, and a crawler that reads a whole site pushes out nothing that others come for. (SIEVE, by some of the same
 * authors, needs one queue less, but such a scan goes round all of it.) A value that left too early is known by its ghost,
 * its key alone, and goes to the main queue when it comes again.
 *
 * It is aware of sizes in that all three queues are measured in bytes: a large value makes as many others leave as it
 * takes room. Keys, ghosts and bookkeeping count, too. Asking costs one look into a map; order is kept only when
 * something is put, at O(1) on average.
 */
export class S3Fifo<V> {
  readonly #entries = new Map<string, Entry<V>>();
  readonly #small = new Queue<Entry<V>>();
  readonly #main = new Queue<Entry<V>>();
  readonly #ghosts = new Queue<Entry<V>>();
  #limit: number;

  /** @param limit bytes. */
  constructor(limit: number) {
    this.#limit = limit;
  }

  /** Bytes that it takes now: never more than the limit. */
  get bytes(): number {
    return this.#small.bytes + this.#main.bytes + this.#ghosts.bytes;
  }

  get limit(): number {
    return this.#limit;
  }

  set limit(bytes: number) {
    this.#limit = bytes;
    this.#makeRoom();
  }

  get(key: string): V | undefined {
    const entry = this.#entries.get(key);
    if (entry?.value === undefined) return undefined;
    if (entry.uses < mostUses) entry.uses++;
    return entry.value;
  }

  /** Keeps the value, in place of one with that key, for as long as there is room. @param bytes what it takes by itself. */
  set(key: string, value: V, bytes: number): void {
    const entry = this.#entries.get(key);
    const own = bytes + costOf(key);
    if (entry?.value !== undefined) {
      entry.value = value;
      entry.queue.weigh(entry, own);
    } else {
      if (entry) this.#drop(entry);
      this.#add({ key, value, bytes: own, uses: 0, queue: entry ? this.#main : this.#small });
    }
    this.#makeRoom();
  }

  /** Forgets it, and that it was ever there. */
  delete(key: string): void {
    const entry = this.#entries.get(key);
    if (entry) this.#drop(entry);
  }

  #add(entry: Omit<Entry<V>, "older" | "newer">): void {
    const linked = { ...entry, older: undefined, newer: undefined };
    this.#entries.set(entry.key, linked);
    entry.queue.push(linked);
  }

  #drop(entry: Entry<V>): void {
    this.#entries.delete(entry.key);
    entry.queue.remove(entry);
  }

  #makeRoom(): void {
    while (this.bytes > this.#limit) {
      const [newcomer, resident] = [this.#small.oldest, this.#main.oldest];
      const isSmallFull = this.#small.bytes > this.#limit * smallShare;
      if (newcomer && (isSmallFull || !resident)) this.#passOn(newcomer);
      else if (resident) this.#goRound(resident);
      else this.#drop(this.#ghosts.oldest!);
    }
  }

  /** To the main queue what was asked for meanwhile; of all others the key is kept. */
  #passOn(entry: Entry<V>): void {
    const isWanted = entry.uses > 0;
    move(entry, isWanted ? this.#main : this.#ghosts);
    if (isWanted) return;
    entry.value = undefined;
    this.#ghosts.weigh(entry, costOf(entry.key));
    while (this.#ghosts.bytes > this.#limit * ghostShare) this.#drop(this.#ghosts.oldest!);
  }

  /** Another round for what was asked for in the last one. */
  #goRound(entry: Entry<V>): void {
    if (entry.uses === 0) return this.#drop(entry);
    entry.uses--;
    move(entry, this.#main, entry.uses);
  }
}

interface Entry<V> extends Linked<Entry<V>> {
  readonly key: string;
  /** Undefined for a ghost. */
  value: V | undefined;
  /** How often it was asked for since it came into its queue, less the rounds it has made. */
  uses: number;
  queue: Queue<Entry<V>>;
}

function move<V>(entry: Entry<V>, to: Queue<Entry<V>>, uses = 0): void {
  entry.queue.remove(entry);
  entry.queue = to;
  entry.uses = uses;
  to.push(entry);
}

/** Two bytes a letter, as the engine needs for a key beyond Latin-1. */
function costOf(key: string): number {
  return bookkeeping + 2 * key.length;
}
