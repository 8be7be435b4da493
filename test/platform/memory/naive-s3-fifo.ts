/** S3-FIFO as its paper tells it, over plain arrays that are searched and summed up each time: nothing to go wrong. */

interface Entry {
  readonly key: string;
  value: number;
  bytes: number;
  uses: number;
}

/** Oldest first. */
export class NaiveS3Fifo {
  small: Entry[] = [];
  main: Entry[] = [];
  ghosts: { readonly key: string }[] = [];
  readonly #costOf: (key: string) => number;
  limit: number;

  constructor(limit: number, costOf: (key: string) => number) {
    this.limit = limit;
    this.#costOf = costOf;
  }

  get(key: string): number | undefined {
    const entry = this.#find(key);
    if (entry) entry.uses = Math.min(3, entry.uses + 1);
    return entry?.value;
  }

  set(key: string, value: number, bytes: number): void {
    const entry = this.#find(key);
    if (entry) Object.assign(entry, { value, bytes: bytes + this.#costOf(key) });
    else {
      const queue = this.ghosts.some((ghost) => ghost.key === key) ? this.main : this.small;
      this.ghosts = this.ghosts.filter((ghost) => ghost.key !== key);
      queue.push({ key, value, bytes: bytes + this.#costOf(key), uses: 0 });
    }
    this.shrink();
  }

  delete(key: string): void {
    for (const name of ["small", "main", "ghosts"] as const) {
      const kept = (this[name] as readonly { readonly key: string }[]).filter((entry) => entry.key !== key);
      this[name] = kept as Entry[];
    }
  }

  shrink(): void {
    const ghostBytes = (): number => sum(this.ghosts.map(({ key }) => this.#costOf(key)));
    while (bytesOf(this.small) + bytesOf(this.main) + ghostBytes() > this.limit) {
      const isSmallFull = bytesOf(this.small) > this.limit / 10;
      if (this.small.length > 0 && (isSmallFull || this.main.length === 0)) {
        const entry = this.small.shift()!;
        if (entry.uses > 0) this.main.push({ ...entry, uses: 0 });
        else this.ghosts.push(entry);
        while (ghostBytes() > this.limit / 16) this.ghosts.shift();
      } else if (this.main.length > 0) {
        const entry = this.main.shift()!;
        if (entry.uses > 0) this.main.push({ ...entry, uses: entry.uses - 1 });
      } else this.ghosts.shift();
    }
  }

  #find(key: string): Entry | undefined {
    return [...this.small, ...this.main].find((entry) => entry.key === key);
  }
}

function bytesOf(entries: readonly Entry[]): number {
  return sum(entries.map(({ bytes }) => bytes));
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
