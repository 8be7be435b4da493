/** What becomes of a request to an origin changes how it stands. */
import type { Edge } from "../../edge.ts";
import type { Trail } from "../../trail.ts";
import { abandoned, answered, brokeOff, failed, fellSilent } from "./condition.ts";

const verdicts = { answered, failed, fellSilent, brokeOff, abandoned } as const;

export type Verdict = keyof typeof verdicts;

/** One request to an origin. */
export interface Judged {
  /** The origin's. */
  readonly name: string;
  /** Milliseconds since the epoch. */
  readonly askedAt: number;
  readonly trail: Trail;
}

/** The trail tells what follows from it. */
export function judge(
  verdict: Verdict,
  { name, askedAt, trail }: Judged,
  edge: Pick<Edge, "config" | "fleet" | "now">,
): void {
  const { fleet, config } = edge;
  const { condition } = fleet.origin(name);
  const before = condition.ejection;
  verdicts[verdict](condition, { askedAt, now: edge.now(), eject: config.settings.eject });
  const { ejection } = condition;
  if (ejection === before) return;
  fleet.ejections++;
  if (ejection) fleet.ejected.add(name);
  else fleet.ejected.delete(name);
  trail.noteLate("origin", ejection ? `ejected:${name}=${ejection.why}` : `returned:${name}`);
}
