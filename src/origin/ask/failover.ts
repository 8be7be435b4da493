/** When one origin fails, the next; when one is silent, the next beside it. */
import { discard, type Answer } from "../../answer.ts";
import type { Origin } from "../../config/upstream.ts";
import type { Edge } from "../../edge.ts";
import { EdgeError } from "../../error.ts";
import { takesItsTime } from "../request.ts";
import { brokeOff } from "../learn.ts";
import { isPassing, outcomeOf } from "./attempt.ts";
import { setOut, whyNot } from "./course.ts";
import { nobodyAnswered, type Failed } from "./failures.ts";
import { hedgeOf } from "./hedge.ts";
import type { Waiting } from "./patience.ts";
import { Pursuit, type Pursuing } from "./pursuit.ts";
import { earnRetries, whileWaiting } from "./retries.ts";
import { hasLeft, isWanted, type Sendable } from "./sendable.ts";
import { withShortBody } from "./short.ts";

/**
 * The first good answer of these origins, asked in order; those that gave none are asked again after all others. A short
 * body belongs to it: when that breaks off before anything of it has gone on, the origin has failed like any other.
 * When none is good, the last that an origin gave all the same: its own 503 tells the client more than ours.
 * @throws EdgeError (source "origin") when no origin gave any answer; what {@link Pursuit.run} throws.
 */
export async function failover(origins: readonly Origin[], sendable: Sendable, edge: Edge): Promise<Answer> {
  const waiting = waitingFor(origins, sendable, edge);
  const failures: Failed[] = [];
  let poor: Answer | undefined;
  const pursuing: Pursuing = {
    sendable,
    waiting,
    edge,
    accepts: (last) => !isPassing(last),
    refused(last, origin) {
      if (last.kind === "failed") return void failures.push({ ...last, origin });
      discard(poor?.body);
      poor = last.answer;
    },
  };
  const good = await whileWaiting(waiting.going.site, edge.now(), () => pursueWhole(pursuing, origins));
  if (good) discard(poor?.body);
  const answer = good ?? poor;
  if (!answer) throw nobodyAnswered(failures);
  if (!good) waiting.note(answer.origin!);
  return answer;
}

/** The first good answer whose body, where that is short, is here too; undefined when there is none. */
async function pursueWhole(pursuing: Pursuing, origins: readonly Origin[]): Promise<Answer | undefined> {
  const { sendable, waiting, edge } = pursuing;
  for (;;) {
    const good = await new Pursuit(pursuing).run();
    if (!good) return undefined;
    const from = origins.find(({ name }) => name === good.origin)!;
    const { answer, isBroken } = await withShortBody(good, sendable.visit, from);
    if (!isBroken) return answer;
    // It is no fault of the origin's that its request was ended.
    if (hasLeft(sendable)) throw new EdgeError("client", "client-error", "the client left");
    brokeOff(from.name, { visit: sendable.visit, edge });
    waiting.note(`${from.name}${outcomeOf(broken)}`);
    const why = whyNot(waiting.course, broken, waiting.going);
    if (why !== undefined) waiting.note(why);
    // What must not be done twice has been done: that is told, as far as it came.
    if (why === "not-repeatable") return answer;
    discard(answer.body);
    pursuing.refused(broken, from);
    if (why !== undefined) return undefined;
  }
}

const broken = { kind: "failed", because: "broke" } as const;

function waitingFor(origins: readonly Origin[], sendable: Sendable, edge: Edge): Waiting {
  const { repeat, deadline, visit } = sendable;
  const { retry } = visit.site.asking;
  const site = edge.fleet.site(visit.site.name);
  earnRetries(site, retry, edge.now());
  return {
    course: setOut(origins),
    going: { repeat, deadline, retry, site, edge, isWanted: () => isWanted(sendable, edge) },
    hedge: hedgeOf(sendable, edge),
    takesItsTime: takesItsTime(visit),
    note: (decision, ms) => visit.trail.note("origin", decision, ms),
  };
}
