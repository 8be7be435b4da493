/** Door of the observe room: what a visit leaves behind, on the wire and in the log. */
import { discard, refuse, toResponse, type Answer } from "../answer.ts";
import type { Edge } from "../edge.ts";
import { EdgeError } from "../error.ts";
import { formatHttpDate } from "../http/http-date.ts";
import { withoutContent } from "../http/status.ts";
import type { Visit } from "../visit.ts";
import { cacheStatus } from "./cache-status.ts";
import { presentError } from "./error-page.ts";
import { writeLine } from "./log.ts";
import { proxyStatus } from "./proxy-status.ts";
import { serverTiming } from "./server-timing.ts";
import { trailField } from "./trail-field.ts";

/** The answer for something that went wrong: the one place where an error becomes a response. */
export function explain(visit: Visit, error: unknown, _edge: Edge): Answer {
  const because = error instanceof EdgeError ? error.because : "edge-error";
  visit.trail.note("edge", because);
  if (!(error instanceof EdgeError)) return { ...refuse(because), error };
  const { status, cache } = error;
  return { ...refuse(because), error, ...(status !== undefined && { status }), ...(cache && { cache }) };
}

/**
 * Completes the answer with what the edge says of itself, writes the log line, and makes the Response. An answer that
 * HTTP doesn't allow (a header rule may make one) is explained instead.
 */
export function observe(visit: Visit, answer: Answer, edge: Edge): Response {
  try {
    return depart(visit, answer, edge);
  } catch (error) {
    discard(answer.body);
    return depart(visit, explain(visit, error, edge), edge);
  }
}

function depart(visit: Visit, answer: Answer, edge: Edge): Response {
  const complete = answer.webSocket
    ? answer
    : withoutForbiddenBody(visit, tell(visit, presentError(visit, answer), edge));
  const response = toResponse(complete);
  writeLine(visit, complete, edge);
  return response;
}

/** Adds what the edge says of itself to the answer's fields, in place. */
function tell(visit: Visit, answer: Answer, edge: Edge): Answer {
  const { name, trail } = edge.config.settings;
  const { fields, because } = answer;
  const { steps } = visit.trail;
  fields.append("cache-status", cacheStatus(edge.config.settings, answer));
  if (!fields.has("date")) fields.set("date", formatHttpDate(edge.now()));

  // A gateway names itself in what it forwards (RFC 9110 §7.6.3), and what it wrote itself wasn't forwarded.
  if (because === undefined && (answer.cache ?? answer.origin) !== undefined) fields.append("via", `1.1 ${name}`);
  const problem = because && proxyStatus(name, because);
  if (problem !== undefined) fields.append("proxy-status", problem);

  const timing = serverTiming(steps);
  if (timing !== undefined) fields.append("server-timing", timing);
  if (trail && steps.length > 0) fields.set("perigee-trail", trailField(steps));
  return answer;
}

function withoutForbiddenBody(visit: Visit, answer: Answer): Answer {
  const { body, fields, status } = answer;
  if (body === null || !(visit.method === "HEAD" || withoutContent.has(status))) return answer;
  // For HEAD, the length that GET would have had (RFC 9110 §8.6).
  if (visit.method === "HEAD" && typeof body === "string") {
    fields.set("content-length", String(new TextEncoder().encode(body).length));
  }
  discard(answer.body);
  return { ...answer, body: null };
}
