/** One request to one origin. */
import { discard, type Answer } from "../../answer.ts";
import type { Origin } from "../../config/upstream.ts";
import type { Edge } from "../../edge.ts";
import { EdgeError } from "../../error.ts";
import { passing } from "../../http/status.ts";
import type { Planned } from "../../visit.ts";
import { KeyError } from "../credentials.ts";
import { enter, keepPromise } from "../health/gate.ts";
import { learn } from "../learn.ts";
import { toAnswer } from "../response.ts";
import { limitHeader } from "./header-limit.ts";
import { authorised, send } from "./send.ts";
import { late, signalOfClient, silent, type Sendable } from "./sendable.ts";
import { uploadOf } from "./upload.ts";

/** Why an origin gave no answer that can be used. */
export type Failure =
  | "unreached" // the platform says that the request never came there: refused, no such name, no TLS
  | "connection" // not there, or lost before the answer's header
  | "broke" // its short body broke off, or ended too early, before any of it had gone on
  | "timeout"
  | "silent" // given up, because nobody heard anything of the origin for long, and another answered
  | "full" // nothing was sent: it has as many requests as it takes, and nobody went in time
  | "no-key" // nothing was sent: a secret is missing, or no key, that shows the origin who asks
  | "unusable"; // what came is no answer that can be passed on

export type Attempt =
  | { readonly kind: "answered"; readonly answer: Answer }
  | { readonly kind: "failed"; readonly because: Failure; readonly cause?: unknown };

/** Asks, as {@link ask} does, and learns from it; waits in line where the origin takes only so many requests at once. */
export function attempt(origin: Origin, sendable: Sendable, edge: Edge): Promise<Attempt> {
  const tried = enterAndAsk(origin, sendable, edge);
  // The platform may let a visit end in the middle when its client leaves, and its place would be taken for ever.
  if (origin.followed) edge.defer(tried.catch(() => undefined));
  return tried;
}

async function enterAndAsk(origin: Origin, sendable: Sendable, edge: Edge): Promise<Attempt> {
  const entry = enter(origin, edge);
  if (entry !== true) {
    if (!(await entry)) return { kind: "failed", because: "full" };
    keepPromise(edge.fleet.origin(origin.name));
  }
  return learn(origin, { visit: sendable.visit, edge }, () => askAs(origin, sendable, edge));
}

/** Asks, if the origin can be shown who asks. */
async function askAs(origin: Origin, sendable: Sendable, edge: Edge): Promise<Attempt> {
  try {
    return await ask(origin, await authorised(origin, sendable, edge), edge);
  } catch (cause) {
    if (cause instanceof KeyError) return { kind: "failed", because: "no-key", cause };
    throw cause;
  }
}

/**
 * Waits for the answer's header until the time is up, which begins when all content has gone; the body may take as long
 * as it wants, up to the deadline.
 * @throws EdgeError (source "client") when the client left; TypeError when the request can't be sent as it is, which
 * is a mistake of ours that no other origin mends.
 */
async function ask(origin: Origin, sendable: Sendable, edge: Edge): Promise<Attempt> {
  const { visit, deadline } = sendable;
  const client = signalOfClient(sendable);
  // One for all that ends it, where that will do: each more, and what joins them, costs as much as a timer.
  const end = new AbortController();
  const upload = uploadOf(sendable);
  const stop = limitHeader(sendable, edge, { sent: upload?.sent, end });
  const others = [client, upload?.broken].filter((each) => each !== undefined);
  const signal = others.length > 0 ? AbortSignal.any([end.signal, ...others]) : end.signal;
  try {
    const read = toAttempt(await send(origin, sendable, { edge, signal, upload }), origin, visit);
    // It also ends the body. Where that has come to its end before, there is nothing to end.
    if (Number.isFinite(deadline)) edge.after(deadline - edge.now(), () => end.abort(late));
    return read;
  } catch (cause) {
    if (upload?.broken.aborted)
      throw new EdgeError("client", "client-error", "the request's content broke off", { cause });
    const because = end.signal.aborted ? endings.get(end.signal.reason) : "connection";
    if (client?.aborted || !because) throw new EdgeError("client", "client-error", "the client left", { cause });
    if (cause instanceof TypeError) throw cause;
    return { kind: "failed", because, cause };
  } finally {
    stop();
  }
}

/** What it says of the origin that a request was ended; absent: nothing. */
const endings: ReadonlyMap<unknown, Failure> = new Map([
  [late, "timeout"],
  [silent, "silent"],
]);

function toAttempt(response: Response, origin: Origin, visit: Planned): Attempt {
  const failure = platformFailures.get(response.status);
  const answer = failure ? undefined : toAnswer(response, origin.name, visit.method);
  if (answer) return { kind: "answered", answer };
  discard(response.body);
  return { kind: "failed", because: failure ?? "unusable", cause: `status ${response.status}` };
}

/**
 * By these statuses, which HTTP doesn't define, the platform answers in the place of an origin that it couldn't reach,
 * on a page that tells the origin's address.
 */
const platformFailures: ReadonlyMap<number, Failure> = new Map([
  [520, "unusable"],
  [521, "unreached"], // refused
  [522, "timeout"], // also where the connection stood and the request went unheard
  [523, "unreached"], // no route
  [524, "timeout"],
  [525, "unreached"], // no TLS
  [526, "unreached"], // a certificate that isn't valid
  [530, "unreached"], // no such name
]);

/** Whether it says of the server, not of the resource, that it can't answer now; another one may. */
export function isPassing(tried: Attempt | undefined): boolean {
  return tried?.kind === "answered" && passing.has(tried.answer.status);
}

/** Whether nothing was sent, so that nothing was done, and nobody was burdened. */
export function isUnsent(tried: Attempt | undefined): boolean {
  return tried?.kind === "failed" && unsent.has(tried.because);
}

const unsent: ReadonlySet<Failure> = new Set<Failure>(["full", "no-key"]);

/** For the trail, behind the origin's name: nothing when it is good. */
export function outcomeOf(tried: Attempt): string {
  if (tried.kind === "failed") return `:${tried.because}`;
  return isPassing(tried) ? `:${tried.answer.status}` : "";
}
