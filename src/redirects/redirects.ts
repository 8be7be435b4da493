/** Door of the redirects: tables of them, as they are written, kept in stores, and asked. */
import type { Moved, Redirects, VisitedPlace } from "../config/redirects.ts";
import type { InStore, ListSource } from "../lists/lists.ts";
import { readRedirects } from "./file.ts";
import { RedirectTable } from "./table.ts";

export { findTrails, type Trail } from "./circles.ts";
export { encodeRedirects, RedirectsError } from "./file.ts";
export { redirectStatuses, toEntry, type Entry, type Redirect } from "./redirect.ts";
export { nameOf, RedirectTable } from "./table.ts";

/** A table that is in a store: empty until it has been read, and then what was read last. */
export class StoredRedirects implements Redirects, InStore {
  readonly source: ListSource;
  readonly called = "table of redirects";
  readonly until = "nothing of it is redirected until it can be";
  #table = new RedirectTable();

  constructor(source: ListSource) {
    this.source = source;
  }

  find(url: VisitedPlace): Moved | undefined {
    return this.#table.find(url);
  }

  async read(body: ReadableStream<Uint8Array>, known: string | undefined, admit: (bytes: number) => void) {
    const read = await readRedirects(body, known, admit);
    return read && { ...read, content: new RedirectTable(read.entries) };
  }

  /** From now on it has these redirects. */
  replace(table: RedirectTable): void {
    this.#table = table;
  }
}
