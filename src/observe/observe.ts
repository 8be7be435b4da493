/** Door of the observe room: what a visit leaves behind, on the wire and in the log. */
import { refuse, toResponse, type Answer } from "../answer.ts";
import type { Edge } from "../edge.ts";
import { EdgeError } from "../error.ts";
import type { Visit } from "../visit.ts";

/** The answer for something that went wrong: the one place where an error becomes a response. */
export function explain(_visit: Visit, error: unknown, _edge: Edge): Answer {
  return refuse(error instanceof EdgeError ? error.because : "edge-error");
}

/** Completes the answer with what the edge says of itself, writes the log line, and makes the Response. */
export function observe(_visit: Visit, answer: Answer, _edge: Edge): Response {
  return toResponse(answer);
}
