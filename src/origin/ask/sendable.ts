/** A visit as it is sent to origins: once, or several times. */
import type { Edge } from "../../edge.ts";
import { EdgeError } from "../../error.ts";
import { parseContentLength } from "../../http/range.ts";
import { readWhole } from "../../http/stream.ts";
import type { Planned } from "../../visit.ts";
import { hasContent, isIdempotent } from "../request.ts";

export interface Sendable {
  readonly visit: Planned;
  /** Names in lower case. */
  readonly headers: Record<string, string>;
  /** The content, where all of it is here; else it is the request's own stream. */
  readonly kept: Uint8Array<ArrayBuffer> | undefined;
  readonly repeat: Repeat;
  /** When all must be over: milliseconds since the epoch, or Infinity. */
  readonly deadline: number;
  /** Looks how its waiting goes; see {@link Impatient}. */
  readonly impatient?: Impatient;
}

/**
 * Called when it has been sent, and whenever so many milliseconds have passed as it returned then; undefined: not again. While
 * it is waited for, `giveUp` ends it, for one of these reasons.
 */
export type Impatient = (giveUp: (reason: typeof unwanted | typeof silent) => void, now: number) => number | undefined;

/** Why a request is ended: its time is up. */
export const late = Symbol("late");

/** Or nobody wants its answer any more, which says nothing of the origin. */
export const unwanted = Symbol("unwanted");

/** Or nobody has heard anything of the origin for too long, and another one has answered. */
export const silent = Symbol("silent");

/** When it may be sent again. */
export type Repeat =
  | "always" // doing it twice is like doing it once (RFC 9110 §9.2.2)
  | "unreached" // only when it never came there
  | "never"; // its content is a stream, which can't be read twice

/**
 * @param headers what is sent, names in lower case.
 * @throws EdgeError (source "client") when the content was to be kept, and breaks off.
 */
export async function toSendable(
  visit: Planned,
  headers: Record<string, string>,
  now: () => number,
): Promise<Sendable> {
  const kept = isKeepable(visit) ? await keep(visit) : undefined;
  const repeat = hasContent(visit) && !kept ? "never" : isIdempotent(visit) ? "always" : "unreached";
  return { visit, headers, kept, repeat, deadline: now() + visit.site.asking.timeouts.whole };
}

/** What may be stored is fetched to its end for those who ask next; what only this client gets ends when it leaves. */
export function signalOfClient({ visit: { plan, request } }: Sendable): AbortSignal | undefined {
  return plan.kind === "bypass" ? request.signal : undefined;
}

/** Whether the client has left, and the request with it. */
export function hasLeft(sendable: Sendable): boolean {
  return signalOfClient(sendable)?.aborted ?? false;
}

/** Whether anybody waits for what comes of it: its client, or another visit that would ask for the same. */
export function isWanted(
  { visit: { id, request } }: Pick<Sendable, "visit">,
  { flights }: Pick<Edge, "flights">,
): boolean {
  return !request.signal.aborted || flights.isAwaited(id);
}

/** It is known to be short. The platform makes no GET with content out of parts. */
function isKeepable(visit: Planned): boolean {
  const length = parseContentLength(visit.fields.get("content-length")) ?? Number.POSITIVE_INFINITY;
  const isGet = visit.method === "GET" || visit.method === "HEAD";
  return hasContent(visit) && !isGet && length <= visit.site.asking.retry.body;
}

async function keep({ request, site }: Planned): Promise<Uint8Array<ArrayBuffer>> {
  try {
    return await readWhole(request.body!, site.asking.retry.body);
  } catch (cause) {
    throw new EdgeError("client", "client-error", "the request's content broke off", { cause });
  }
}
