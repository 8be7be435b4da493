/** When one origin fails, the next; when one is silent, the next beside it. */
import { discard, type Answer } from "../../answer.ts";
import type { Origin } from "../../config/upstream.ts";
import type { Edge } from "../../edge.ts";
import { hasContent } from "../request.ts";
import { isPassing } from "./attempt.ts";
import { setOut } from "./course.ts";
import { nobodyAnswered, type Failed } from "./failures.ts";
import { hedgeOf } from "./hedge.ts";
import type { Waiting } from "./patience.ts";
import { Pursuit } from "./pursuit.ts";
import { earnRetries } from "./retries.ts";
import type { Sendable } from "./sendable.ts";

/**
 * The first good answer of these origins, asked in order; those that gave none are asked again after all others.
 * When none is good, the last that an origin gave all the same: its own 503 tells the client more than ours.
 * @throws EdgeError (source "origin") when no origin gave any answer; what {@link Pursuit.run} throws.
 */
export async function failover(origins: readonly Origin[], sendable: Sendable, edge: Edge): Promise<Answer> {
  const waiting = waitingFor(origins, sendable, edge);
  const failures: Failed[] = [];
  let poor: Answer | undefined;
  const pursuit = new Pursuit({
    sendable,
    waiting,
    edge,
    accepts: (last) => !isPassing(last),
    refused(last, origin) {
      if (last.kind === "failed") return void failures.push({ ...last, origin });
      discard(poor?.body);
      poor = last.answer;
    },
  });
  const good = await pursuit.run();
  if (good) discard(poor?.body);
  const answer = good ?? poor;
  if (!answer) throw nobodyAnswered(failures);
  if (!good) waiting.note(answer.origin!);
  return answer;
}

function waitingFor(origins: readonly Origin[], sendable: Sendable, edge: Edge): Waiting {
  const { repeat, deadline, visit } = sendable;
  const { retry } = visit.site.asking;
  const site = edge.fleet.site(visit.site.name);
  earnRetries(site, retry, edge.now());
  return {
    course: setOut(origins),
    going: { repeat, deadline, retry, site, edge },
    hedge: hedgeOf(sendable, edge),
    hasContent: hasContent(visit),
    note: (decision, ms) => visit.trail.note("origin", decision, ms),
  };
}
