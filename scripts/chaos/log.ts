/** What the access logs tell of trying, ejecting and returning. */

/** What one line tells. */
export interface Told {
  /** The visit's, which lines that came later have, too. */
  readonly id: string;
  /** Path of what was asked for; undefined in a line that came later. */
  readonly path: string | undefined;
  /** What was decided on the way to an origin. */
  readonly decisions: readonly string[];
  /** Milliseconds since the epoch: when the visit began, and when the line was true. */
  readonly began: number;
  readonly time: number;
  /** Requests to origins: the first of a visit, and those beyond it. */
  readonly first: number;
  readonly extra: number;
  /** Names of origins. */
  readonly ejected: readonly string[];
  readonly returned: readonly string[];
}

interface Line {
  readonly id: string;
  readonly path?: string;
  readonly time: string;
  readonly ms?: number;
  /** `room=decision`, with a time behind a space. */
  readonly trail?: readonly string[];
  /** One decision that came when the answer was on its way. */
  readonly late?: string;
}

const prefix = "origin=";

/** @param origins their names. Undefined when the line isn't one of the access log. */
export function readLine(text: string, origins: readonly string[]): Told | undefined {
  if (!text.startsWith("{")) return undefined;
  const { id, path, time, ms = 0, trail = [], late } = JSON.parse(text) as Line;
  const decisions = [...trail, ...(late === undefined ? [] : [late])]
    .filter((step) => step.startsWith(prefix))
    .map((step) => step.slice(prefix.length).split(" ")[0]!);
  const steps = decisions.flatMap((decision) => decision.split("+"));
  const asked = steps.filter((step) => isAsked(step, origins) || isLeft(step)).length;
  const first = late === undefined && asked > 0 ? 1 : 0;
  const named = (what: string): string[] =>
    decisions.flatMap((decision) => new RegExp(`^${what}:([^=]+)`).exec(decision)?.[1] ?? []);
  return {
    id,
    path,
    decisions,
    began: Date.parse(time),
    time: Date.parse(time) + ms,
    first,
    extra: asked - first,
    ejected: named("ejected"),
    returned: named("returned"),
  };
}

/** Whether it tells of one more request, of which nothing more is told when another's answer was taken. */
function isLeft(step: string): boolean {
  return /^silent:[^=]+$/.test(step);
}

/** Whether it tells that an origin was asked: its name, and what came of it but that a body broke off. */
function isAsked(step: string, origins: readonly string[]): boolean {
  const [name = "", outcome = ""] = step.split(":");
  return origins.includes(name) && !/^(?:broke|stalled)@/.test(outcome);
}
