/** What the visit is told when no origin gave it an answer. */
import type { Origin } from "../../config/upstream.ts";
import { EdgeError } from "../../error.ts";
import type { Reason } from "../../reasons.ts";
import type { Attempt, Failure } from "./attempt.ts";

/** Whose request came to nothing, and why. */
export interface Failed extends Extract<Attempt, { kind: "failed" }> {
  readonly origin: Origin;
}

/** One reason where all failed alike; the detail names them all, for the log. */
export function nobodyAnswered(failures: readonly Failed[]): EdgeError {
  const kinds = new Set(failures.map(({ because }) => reasonOf[because]));
  const because = kinds.size === 1 ? [...kinds][0]! : "no-origin-answered";
  const detail = failures.map(({ origin, because }) => `${origin.name}:${because}`).join(", ");
  return new EdgeError("origin", because, detail, { cause: failures.at(-1)?.cause });
}

const reasonOf: Readonly<Record<Failure, Reason>> = {
  unreached: "no-origin-answered",
  connection: "no-origin-answered",
  broke: "bad-upstream-answer",
  timeout: "origin-timeout",
  silent: "origin-timeout",
  full: "origin-overloaded",
  "no-key": "no-origin-answered",
  unusable: "bad-upstream-answer",
};
