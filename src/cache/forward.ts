/** Asking the origin, and when that was: the age of an answer follows from it. */
import type { Answer } from "../answer.ts";
import type { HeaderEdits } from "../config/model.ts";
import type { Edge } from "../edge.ts";
import { EdgeError } from "../error.ts";
import type { Terms, Upstream } from "../hop.ts";
import type { Reason } from "../reasons.ts";
import type { Exchange } from "./freshness.ts";

/** What serving needs besides the visit. */
export interface Means extends Upstream {
  readonly edge: Edge;
}

/** An answer, and the times of asking and answering. */
export interface Forwarded {
  readonly answer: Answer;
  readonly exchange: Exchange;
}

/** The request as the client made it. */
export const asIs: HeaderEdits = { remove: [], set: [], add: [] };

export async function forward({ edge, ask }: Means, edits: HeaderEdits, terms?: Terms): Promise<Forwarded> {
  const askedAt = edge.now();
  const answer = await ask(edits, terms);
  return { answer, exchange: { askedAt, answeredAt: edge.now() } };
}

/** By these statuses an origin says that it failed (RFC 5861 §4); and what that is called to others who wait for it. */
const failures: ReadonlyMap<number, Reason> = new Map([
  [500, "bad-upstream-answer"],
  [502, "bad-upstream-answer"],
  [503, "origin-overloaded"],
  [504, "origin-timeout"],
]);

/** The error that an answer tells of; undefined for all others. */
export function failureOf({ status }: Answer): EdgeError | undefined {
  const because = failures.get(status);
  return because && new EdgeError("origin", because, `the origin answered ${status}`, { status });
}
