/** What a {@link Queue} links: in at most one queue at a time. */
export interface Linked<M> {
  /** What it counts for, in bytes. */
  bytes: number;
  /** Its neighbour that came before it, and the one after; undefined at the ends. */
  older: M | undefined;
  newer: M | undefined;
}

/** A queue that any member may leave from where it stands, and that knows how many bytes it holds. Every step is O(1). */
export class Queue<M extends Linked<M>> {
  #bytes = 0;
  #oldest: M | undefined;
  #newest: M | undefined;

  /** The sum over its members. */
  get bytes(): number {
    return this.#bytes;
  }

  /** Whose turn it is. */
  get oldest(): M | undefined {
    return this.#oldest;
  }

  push(member: M): void {
    member.older = this.#newest;
    if (this.#newest) this.#newest.newer = member;
    else this.#oldest = member;
    this.#newest = member;
    this.#bytes += member.bytes;
  }

  remove(member: M): void {
    const { older, newer } = member;
    if (older) older.newer = newer;
    else this.#oldest = newer;
    if (newer) newer.older = older;
    else this.#newest = older;
    member.older = undefined;
    member.newer = undefined;
    this.#bytes -= member.bytes;
  }

  /** The member counts for another number of bytes from now on, and keeps its place. */
  weigh(member: M, bytes: number): void {
    this.#bytes += bytes - member.bytes;
    member.bytes = bytes;
  }
}
