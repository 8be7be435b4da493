/** A second origin is asked when the first takes longer than it usually does, and the first good answer is taken. */
import { discard } from "../../answer.ts";
import type { Hedge, Origin } from "../../config/upstream.ts";
import type { Edge } from "../../edge.ts";
import { overtaken } from "../learn.ts";
import { hasContent } from "../request.ts";
import { quantile } from "../spread.ts";
import { attempt, isPassing, outcomeOf, type Attempt } from "./attempt.ts";
import { earn, spend } from "./budget.ts";
import type { Sendable } from "./sendable.ts";

/** Second requests that a quiet site has in reserve. */
const reserve = 1;

/** How the visit is hedged, which adds to what its site may spend on that; undefined when it isn't. */
export function hedgeOf({ visit }: Sendable, edge: Edge): Hedge | undefined {
  const { hedge } = visit.site.asking;
  const isAsking = visit.method === "GET" || visit.method === "HEAD";
  if (!hedge || !isAsking || hasContent(visit)) return undefined;
  earn(edge.fleet.site(visit.site.name).hedges, { share: hedge.budget, reserve }, edge.now());
  return hedge;
}

/** Who is asked, and who is when that takes too long. */
export interface Pair {
  readonly first: Origin;
  readonly second: Origin;
}

export interface Outcome {
  readonly origin: Origin;
  readonly last: Attempt;
  /** Where both were asked: the other one, and what came of it, if it came to anything. */
  readonly other?: { readonly origin: Origin; readonly last: Attempt | undefined };
}

/** Asks the first, and perhaps the second. The one that isn't taken is let go of, its body too. */
export async function attemptHedged(pair: Pair, hedge: Hedge, { sendable, edge }: Asking): Promise<Outcome> {
  const ask = (origin: Origin): Run => begin(origin, { sendable, edge });
  const first = ask(pair.first);
  const isLate = await takesLonger(first, delayOf(pair.first, hedge, edge), edge);
  if (!isLate || !mayHedge(sendable, edge)) return { origin: pair.first, last: await first.done };
  sendable.visit.trail.note("origin", `hedge:${pair.second.name}`);
  const runs = [first, ask(pair.second)] as const;
  let taken: Run | undefined;
  try {
    taken = await firstGood(runs);
    const { origin, tried } = runs[taken === first ? 1 : 0];
    return { origin: taken.origin, last: await taken.done, other: { origin, last: tried } };
  } finally {
    for (const each of runs) if (each !== taken) letGo(each, { sendable, edge });
  }
}

interface Asking {
  readonly sendable: Sendable;
  readonly edge: Edge;
}

/** One of the two. */
interface Run {
  readonly origin: Origin;
  readonly startedAt: number;
  readonly stop: AbortController;
  readonly done: Promise<Attempt>;
  /** What came of it; undefined as long as it goes on. */
  tried: Attempt | undefined;
}

function begin(origin: Origin, { sendable, edge }: Asking): Run {
  const stop = new AbortController();
  const done = attempt(origin, { ...sendable, stop }, edge);
  const run: Run = { origin, startedAt: edge.now(), stop, done, tried: undefined };
  done.then(
    (tried) => (run.tried = tried),
    () => undefined,
  );
  return run;
}

/** Milliseconds; undefined when nobody knows yet what is usual. */
function delayOf({ name }: Origin, { after }: Hedge, edge: Edge): number | undefined {
  if (typeof after === "number") return after;
  const { spread } = edge.fleet.origin(name);
  return spread && quantile(spread, 0.95, edge.now());
}

async function takesLonger({ done }: Run, ms: number | undefined, edge: Edge): Promise<boolean> {
  if (ms === undefined) return false;
  const late = Promise.withResolvers<boolean>();
  const stop = edge.after(ms, () => late.resolve(true));
  return Promise.race([done.then(() => false), late.promise]).finally(stop);
}

function mayHedge({ visit }: Sendable, edge: Edge): boolean {
  const may = spend(edge.fleet.site(visit.site.name).hedges, { reserve }, edge.now());
  if (!may) visit.trail.note("origin", "hedge-budget-spent");
  return may;
}

/** The one whose answer is good, whichever comes first; when neither is, the one that came last. */
async function firstGood([one, other]: readonly [Run, Run]): Promise<Run> {
  const early = await Promise.race([one, other].map((each) => each.done.then((tried) => ({ each, tried }))));
  if (early.tried.kind === "answered" && !isPassing(early.tried)) return early.each;
  const later = early.each === one ? other : one;
  await later.done;
  return later;
}

function letGo({ origin, startedAt, stop, done, tried }: Run, { sendable, edge }: Asking): void {
  if (!tried) overtaken(origin, edge.now() - startedAt, edge);
  else if (outcomeOf(tried) !== "") sendable.visit.trail.note("origin", origin.name + outcomeOf(tried));
  stop.abort();
  // One that answers all the same is read by nobody.
  done.then(
    (late) => late.kind === "answered" && discard(late.answer.body),
    () => undefined,
  );
}
