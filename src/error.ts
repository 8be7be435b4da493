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

  /** @param detail for the log only; it may name origins and addresses. */
  constructor(source: ErrorSource, because: Reason, detail: string, options?: { readonly cause?: unknown }) {
    super(detail, options);
    this.source = source;
    this.because = because;
  }
}
