/** When one origin fails, the next. */
import { discard, type Answer } from "../../answer.ts";
import type { Origin } from "../../config/upstream.ts";
import type { Edge } from "../../edge.ts";
import { EdgeError } from "../../error.ts";
import type { Reason } from "../../reasons.ts";
import { attempt, type Attempt, type Failure, type Sendable } from "./attempt.ts";

/**
 * The first good answer of these origins, asked in order. When none is good, the last that an origin gave all the same:
 * its own 503 tells the client more than ours.
 * @throws EdgeError (source "origin") when no origin gave any answer.
 */
export async function failover(origins: readonly Origin[], sendable: Sendable, edge: Edge): Promise<Answer> {
  const { trail } = sendable.visit;
  const failures: Failed[] = [];
  let poor: Answer | undefined;
  for (const origin of origins) {
    const startedAt = edge.now();
    const tried = await attempt(origin, sendable, edge);
    const ms = edge.now() - startedAt;
    if (tried.kind === "failed") {
      trail.note("origin", `${origin.name}:${tried.because}`, ms);
      failures.push(tried);
      continue;
    }
    const { answer } = tried;
    discard(poor?.body);
    if (!passing.has(answer.status)) {
      trail.note("origin", origin.name, ms);
      return answer;
    }
    trail.note("origin", `${origin.name}:${answer.status}`, ms);
    poor = answer;
  }
  if (!poor) throw nobodyAnswered(origins, failures);
  trail.note("origin", poor.origin!);
  return poor;
}

type Failed = Extract<Attempt, { kind: "failed" }>;

/** Statuses that say of the server, not of the resource, that it can't answer now; another one may. */
const passing: ReadonlySet<number> = new Set([502, 503, 504]);

function nobodyAnswered(origins: readonly Origin[], failures: readonly Failed[]): EdgeError {
  const kinds = new Set(failures.map(({ because }) => because));
  const because = kinds.size === 1 ? reasonOf[failures[0]!.because] : "no-origin-answered";
  const detail = failures.map((failure, index) => `${origins[index]!.name}:${failure.because}`).join(", ");
  return new EdgeError("origin", because, detail, { cause: failures.at(-1)?.cause });
}

const reasonOf: Readonly<Record<Failure, Reason>> = {
  connection: "no-origin-answered",
  timeout: "origin-timeout",
  unusable: "bad-upstream-answer",
};
