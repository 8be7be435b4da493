/** When one origin fails, the next. */
import { discard, type Answer } from "../../answer.ts";
import type { Origin } from "../../config/upstream.ts";
import type { Edge } from "../../edge.ts";
import { EdgeError } from "../../error.ts";
import type { Reason } from "../../reasons.ts";
import { attempt, type Attempt, type Failure } from "./attempt.ts";
import { pauseBefore } from "./backoff.ts";
import { earnRetries, whyNoMore } from "./retries.ts";
import type { Sendable } from "./sendable.ts";

/**
 * The first good answer of these origins, asked in order, each once before any is asked again. When none is good, the
 * last that an origin gave all the same: its own 503 tells the client more than ours.
 * @throws EdgeError (source "origin") when no origin gave any answer.
 */
export async function failover(origins: readonly Origin[], sendable: Sendable, edge: Edge): Promise<Answer> {
  const { trail, site } = sendable.visit;
  const { retry } = site.asking;
  const state = edge.fleet.site(site.name);
  earnRetries(state, retry, edge.now());
  const queue: Turn[] = origins.map((origin) => ({ origin, asked: 0 }));
  const failures: Failed[] = [];
  let poor: Answer | undefined;
  for (let tries = 1; ; tries++) {
    const { origin, last } = await takeTurn(queue, sendable, edge);
    if (last.kind === "failed") failures.push({ ...last, origin });
    else {
      discard(poor?.body);
      if (!passing.has(last.answer.status)) return last.answer;
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

/** An origin, and how often it was asked. */
interface Turn {
  readonly origin: Origin;
  readonly asked: number;
}

interface Failed extends Extract<Attempt, { kind: "failed" }> {
  readonly origin: Origin;
}

/** Asks the first of the queue, which then stands at its end, unless it wants to be left alone. */
async function takeTurn(queue: Turn[], sendable: Sendable, edge: Edge) {
  const { origin, asked } = queue.shift()!;
  const { trail, site } = sendable.visit;
  if (asked > 0) await pause(pauseBefore(asked, site.asking.retry.backoff, edge.random()), edge);
  const startedAt = edge.now();
  const last = await attempt(origin, sendable, edge);
  trail.note("origin", `${origin.name}${outcome(last)}`, edge.now() - startedAt);
  if (!wantsRest(last)) queue.push({ origin, asked: asked + 1 });
  return { origin, last };
}

function pause(ms: number, edge: Edge): Promise<void> {
  return new Promise((resolve) => void edge.after(ms, resolve));
}

/** For the trail: nothing when it is good. */
function outcome(tried: Attempt): string {
  if (tried.kind === "failed") return `:${tried.because}`;
  return passing.has(tried.answer.status) ? `:${tried.answer.status}` : "";
}

/** Statuses that say of the server, not of the resource, that it can't answer now; another one may. */
const passing: ReadonlySet<number> = new Set([502, 503, 504]);

/** It says when to come back (RFC 9110 §10.2.3), and no client waits so long: it counts in whole seconds. */
function wantsRest(tried: Attempt): boolean {
  const after = tried.kind === "answered" ? tried.answer.fields.get("retry-after") : undefined;
  return after !== undefined && after !== "0";
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
  unusable: "bad-upstream-answer",
};
