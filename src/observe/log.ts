import type { Answer, CacheStatus } from "../answer.ts";
import type { Edge } from "../edge.ts";
import type { Visit } from "../visit.ts";
import { describeError } from "./describe-error.ts";

/** Characters: what a client makes longer is cut, so that a line is bounded. */
const longest = { host: 255, path: 4096, agent: 256 } as const;

/**
 * One line of the access log, a flat JSON object. Absent members are left out. It holds no query, no cookie and no
 * credential: those are where secrets travel.
 */
interface LogLine {
  /** When the visit began, ISO 8601 in UTC. */
  readonly time: string;
  readonly id: string;
  readonly site?: string | undefined;
  readonly method: string;
  readonly host: string;
  readonly path: string;
  readonly status: number;
  readonly because?: string | undefined;
  readonly cache?: string | undefined;
  readonly origin?: string | undefined;
  /** Milliseconds to the answer's header. */
  readonly ms: number;
  /** Of the body, as `Content-Length` says. */
  readonly bytes?: number | undefined;
  readonly ip: string;
  readonly country?: string | undefined;
  readonly asn?: number | undefined;
  readonly agent?: string | undefined;
  /** `room=decision`, with the milliseconds waited where there were any, in the order they were decided. */
  readonly trail: readonly string[];
  /** What went wrong; the only members that may name addresses. */
  readonly error?: string | undefined;
  readonly stack?: string | undefined;
}

/** One more line, for what went wrong when the answer was on its way. */
interface LateLine extends Pick<LogLine, "id" | "site"> {
  /** When that was. */
  readonly time: string;
  /** `room=decision`. */
  readonly late: string;
}

/** Writes the visit's line, when the settings want one, and has those follow that come late. */
export function writeLine(visit: Visit, answer: Answer, edge: Edge): void {
  const wanted = edge.config.settings.log;
  if (wanted === "none") return;
  visit.trail.tellLater(({ room, decision }) => {
    edge.log(JSON.stringify({ ...headOf(visit, edge.now()), late: `${room}=${decision}` } satisfies LateLine));
  });
  if (wanted === "errors" && answer.status < 500 && !visit.trail.isWanted) return;
  edge.log(JSON.stringify(lineOf(visit, answer, edge.now())));
}

/** By which a line is found. */
function headOf({ id, trail }: Visit, time: number): Omit<LateLine, "late"> {
  const site = trail.steps.find(({ room }) => room === "site")?.decision;
  return { time: new Date(time).toISOString(), id, site };
}

function lineOf(visit: Visit, answer: Answer, now: number): LogLine {
  const { method, url, fields, client, startedAt } = visit;
  const wrong = answer.error === undefined ? undefined : describeError(answer.error);
  return {
    ...headOf(visit, visit.startedAt),
    method,
    host: url.host.slice(0, longest.host),
    path: url.pathname.slice(0, longest.path),
    status: answer.status,
    because: answer.because,
    cache: answer.cache && cacheWord(answer.cache),
    origin: answer.origin,
    ms: now - startedAt,
    bytes: wholeNumber(answer.fields.get("content-length")),
    ip: client.ip,
    country: client.country,
    asn: client.asn,
    agent: fields.get("user-agent")?.slice(0, longest.agent),
    trail: visit.trail.steps.map(
      ({ room, decision, ms }) => `${room}=${decision}${ms === undefined ? "" : ` ${Math.round(ms)}ms`}`,
    ),
    error: wrong?.error,
    stack: wrong?.stack,
  };
}

/**
 * In one word: "hit", "stale" (from the store past its freshness), "revalidated" or "expired" (stored but no longer
 * fresh; the origin said it still holds, or gave a new one), or else why the request went forward, as in Cache-Status.
 */
function cacheWord({ hit, ttl, fwd, fwdStatus }: CacheStatus): string | undefined {
  if (ttl !== undefined && ttl < 0) return "stale";
  if (hit) return "hit";
  if (fwd === "stale") return fwdStatus === 304 ? "revalidated" : "expired";
  return fwd;
}

function wholeNumber(text: string | undefined): number | undefined {
  return text !== undefined && /^\d+$/.test(text) ? Number(text) : undefined;
}
