/** One request to one origin. */
import { discard, type Answer } from "../../answer.ts";
import type { Origin } from "../../config/upstream.ts";
import type { Edge } from "../../edge.ts";
import { EdgeError } from "../../error.ts";
import type { Planned } from "../../visit.ts";
import { hasContent } from "../request.ts";
import { toAnswer } from "../response.ts";

/** Why an origin gave no answer that can be used. */
export type Failure =
  | "connection" // refused, lost before the answer's header, no such name, no TLS
  | "timeout"
  | "unusable"; // what came is no answer that can be passed on

export type Attempt =
  | { readonly kind: "answered"; readonly answer: Answer }
  | { readonly kind: "failed"; readonly because: Failure; readonly cause?: unknown };

/**
 * Waits for the answer's header until the time is up; the body may take as long as it wants.
 * @param headers what is sent, names in lower case.
 * @throws EdgeError (source "client") when the client left; TypeError when the request can't be sent as it is, which
 * is a mistake of ours that no other origin mends.
 */
export async function attempt(origin: Origin, { visit, headers }: Sendable, edge: Edge): Promise<Attempt> {
  const time = new AbortController();
  const timer = setTimeout(() => time.abort(), edge.config.settings.timeout);
  const leaving = signalOfClient(visit);
  const signal = leaving ? AbortSignal.any([time.signal, leaving]) : time.signal;
  try {
    return read(await edge.fetch(...requestTo(origin, visit, { headers, signal })), origin, visit);
  } catch (cause) {
    if (leaving?.aborted) throw new EdgeError("client", "client-error", "the client left", { cause });
    if (cause instanceof TypeError) throw cause;
    return { kind: "failed", because: time.signal.aborted ? "timeout" : "connection", cause };
  } finally {
    clearTimeout(timer);
  }
}

/** A visit, and the fields it is sent with. */
export interface Sendable {
  readonly visit: Planned;
  readonly headers: Record<string, string>;
}

/**
 * With content, it is the request itself at another URL: its method and bytes, and their length, stay with the platform,
 * which makes no GET with content from parts. (Of a GET it sends content only when the length is known.)
 */
function requestTo(origin: Origin, visit: Planned, init: RequestInit): Parameters<Edge["fetch"]> {
  const url = origin.url.origin + origin.base + visit.target;
  return hasContent(visit) ? [new Request(url, visit.request), init] : [url, { ...init, method: visit.method }];
}

/** What may be stored is fetched to its end for those who ask next; what only this client gets ends when it leaves. */
function signalOfClient({ plan, request }: Planned): AbortSignal | undefined {
  return plan.kind === "bypass" ? request.signal : undefined;
}

function read(response: Response, origin: Origin, visit: Planned): Attempt {
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
  [521, "connection"],
  [522, "timeout"],
  [523, "connection"],
  [524, "timeout"],
  [525, "connection"],
  [526, "connection"],
  [530, "connection"],
]);
