/** One who takes part. */
import type { Server } from "./children.ts";
import type { Workshop } from "./workshop.ts";

export interface Contestant {
  readonly name: string;
  /** Of a program that may not be installed: its version, undefined when it isn't. */
  readonly version?: () => string | undefined;
  /** Starts it before the workshop's origin, with nothing cached. */
  readonly start: (workshop: Workshop) => Promise<Server>;
  /** Says by Cache-Status (RFC 9211) where an answer came from, which is then checked. */
  readonly saysCacheStatus?: true;
  /** It has no cache: what was a miss is one again. */
  readonly keepsNothing?: true;
}

/** What of a Worker is deployed. */
export interface Worker {
  readonly name: string;
  /** Its code as one module. */
  readonly build: () => Promise<string>;
  /** Its bindings, for an origin at that URL. */
  readonly bindings: (origin: string) => Readonly<Record<string, unknown>>;
}
