import type { CacheStatus } from "./answer.ts";
import type { Reason } from "./reasons.ts";

/** Whose fault it is. */
export type ErrorSource = "client" | "origin" | "edge";

/**
 * Something that was not expected: an origin's failure or a bug. It becomes an answer in one place, `observe/`.
 * What is expected (a refusal, a redirect, a miss) is no error but a Step or a named reason.
 */
export class EdgeError extends Error {
  override readonly name = "EdgeError";

  readonly source: ErrorSource;
  readonly because: Reason;
  /** The status by which an origin said that it failed: clients get that one, and not the reason's. */
  readonly status: number | undefined;
  /** How far the visit had come in the cache, which writes it here. */
  cache?: CacheStatus;

  /** @param detail for the log only; it may name origins and addresses. */
  constructor(source: ErrorSource, because: Reason, detail: string, options: ErrorDetails = {}) {
    super(detail, "cause" in options ? { cause: options.cause } : {});
    this.source = source;
    this.because = because;
    this.status = options.status;
  }
}

interface ErrorDetails {
  readonly cause?: unknown;
  readonly status?: number | undefined;
}
