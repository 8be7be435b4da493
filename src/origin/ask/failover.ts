/** When one origin fails, the next. */
import { discard, type Answer } from "../../answer.ts";
import type { Origin } from "../../config/upstream.ts";
import type { Edge } from "../../edge.ts";
import { EdgeError } from "../../error.ts";
import type { Reason } from "../../reasons.ts";
import { isPassing, type Attempt, type Failure } from "./attempt.ts";
import { hedgeOf } from "./hedge.ts";
import { earnRetries, whyNoMore } from "./retries.ts";
import type { Sendable } from "./sendable.ts";
import { takeTurn, type Turn, type Turning } from "./turns.ts";

/**
 * The first good answer of these origins, asked in order; those that gave none are asked again after all others.
 * When none is good, the last that an origin gave all the same: its own 503 tells the client more than ours.
 * @throws EdgeError (source "origin") when no origin gave any answer.
 */
export async function failover(origins: readonly Origin[], sendable: Sendable, edge: Edge): Promise<Answer> {
  const { trail, site } = sendable.visit;
  const { retry } = site.asking;
  const state = edge.fleet.site(site.name);
  earnRetries(state, retry, edge.now());
  const queue: Turn[] = origins.map((origin) => ({ origin, asked: 0 }));
  const turning: Turning = { queue, edge, note: (...step) => trail.note(...step), hedge: hedgeOf(sendable, edge) };
  const failures: Failed[] = [];
  let poor: Answer | undefined;
  for (let tries = 1; ; tries++) {
    const { origin, last } = await takeTurn(sendable, turning);
    if (last.kind === "failed") failures.push({ ...last, origin });
    else {
      discard(poor?.body);
      if (!isPassing(last)) return last.answer;
      poor = last.answer;
    }
    const progress = { ...sendable, tries, last, isAnyLeft: queue.length > 0 };
    const why = whyNoMore(progress, retry, { site: state, now: edge.now() });
    if (why === undefined) continue;
    trail.note("origin", why);
    break;
  }
  if (!poor) throw nobodyAnswered(failures);
  trail.note("origin", poor.origin!);
  return poor;
}

interface Failed extends Extract<Attempt, { kind: "failed" }> {
  readonly origin: Origin;
}

function nobodyAnswered(failures: readonly Failed[]): EdgeError {
  const kinds = new Set(failures.map(({ because }) => reasonOf[because]));
  const because = kinds.size === 1 ? [...kinds][0]! : "no-origin-answered";
  const detail = failures.map(({ origin, because }) => `${origin.name}:${because}`).join(", ");
  return new EdgeError("origin", because, detail, { cause: failures.at(-1)?.cause });
}

const reasonOf: Readonly<Record<Failure, Reason>> = {
  unreached: "no-origin-answered",
  connection: "no-origin-answered",
  timeout: "origin-timeout",
  full: "origin-overloaded",
  "no-key": "no-origin-answered",
  unusable: "bad-upstream-answer",
};
