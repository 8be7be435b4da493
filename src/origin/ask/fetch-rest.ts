/** Asking for the rest of a body that broke off: as a visit asks, with a way of its own. */
import { discard, type Answer } from "../../answer.ts";
import type { Origin } from "../../config/upstream.ts";
import type { Edge } from "../../edge.ts";
import type { Attempt } from "./attempt.ts";
import { whyNot, type Course } from "./course.ts";
import type { Waiting } from "./patience.ts";
import { Pursuit } from "./pursuit.ts";
import { askingForRest, isRest, type Continuable } from "./rest.ts";
import { isWanted, type Sendable } from "./sendable.ts";

/** How often the rest of one body is asked for at most. */
const mostAsks = 10;

/** Whom to ask for the rest: the origin that broke off last. */
export function othersFirst(origins: readonly Origin[], from: string): Course {
  const [own, others] = [true, false].map((isOwn) => origins.filter(({ name }) => (name === from) === isOwn));
  const queue = [...others!.map((origin) => ({ origin, asked: 0 })), ...own!.map((origin) => ({ origin, asked: 1 }))];
  return { queue, tries: 0, underWay: 0 };
}

/** What is asked for. */
interface Wanted {
  readonly wanted: Continuable;
  /** The byte from which on. */
  readonly at: number;
  readonly course: Course;
  /** Gets what the trail is to tell. */
  readonly told: string[];
  /** Whether nobody wants it any more: then whatever comes is taken, for the caller to discard. */
  readonly isOver: () => boolean;
}

/** The answer with the rest; undefined when nobody has it. @throws what {@link Pursuit.run} throws. */
export async function fetchRest(asked: Wanted, { sendable, edge }: Sending): Promise<Answer | undefined> {
  const { wanted, at, course, told, isOver } = asked;
  const waiting = waitingFor(asked, { sendable, edge });
  const why = whyNot(course, brokenOff, waiting.going);
  if (why !== undefined) {
    told.push(why);
    return undefined;
  }
  const isTheRest = (answer: Answer): boolean => answer.body instanceof ReadableStream && isRest(answer, wanted, at);
  const pursuit = new Pursuit({
    sendable: askingForRest(sendable, wanted, at),
    waiting,
    edge,
    accepts: ({ answer }) => isOver() || isTheRest(answer),
    refused(last) {
      if (last.kind === "failed") return;
      discard(last.answer.body);
      told.push("not-the-rest");
    },
  });
  return pursuit.run();
}

interface Sending {
  readonly sendable: Sendable;
  readonly edge: Edge;
}

const brokenOff: Attempt = { kind: "failed", because: "broke" };

/** With a count of its own, and without hedging: patience is enough where bytes are on their way already. */
function waitingFor({ course, told }: Wanted, { sendable, edge }: Sending): Waiting {
  const { repeat, deadline, visit } = sendable;
  const { name, asking } = visit.site;
  const retry = { ...asking.retry, tries: mostAsks };
  return {
    course,
    going: { repeat, deadline, retry, site: edge.fleet.site(name), edge, isWanted: () => isWanted(sendable, edge) },
    hedge: undefined,
    takesItsTime: false,
    note: (decision) => void told.push(decision),
  };
}
