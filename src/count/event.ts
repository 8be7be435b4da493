/** `POST /.perigee/event`: a page tells that somebody did something. */
import { refuse, type Answer } from "../answer.ts";
import type { Edge } from "../edge.ts";
import { Fields } from "../http/fields.ts";
import { readSent } from "../sent.ts";
import type { Clean } from "../visit.ts";
import { isCounted, isFromOwnPage } from "./client.ts";
import { convert, exposedTo } from "./convert.ts";
import { withMarks } from "./marks.ts";

/** Bytes of an event at most: it is a name. */
const longestEvent = 256;

/**
 * Counts the goals that the event stands for, for clients that were counted as exposed. What it names, anybody may have written:
 * only names that the config has mean anything, and they are all that is kept of it.
 */
export async function countEvent(visit: Clean, edge: Edge): Promise<Answer> {
  if (!isFromOwnPage(visit)) return refuse("not-same-origin");
  const sent = await readSent(visit, longestEvent, edge);
  if (sent.kind === "answer") return sent.answer;
  const event = sent.text.trim();
  const answer: Answer = { status: 204, fields: Fields.of({ "cache-control": "no-store" }), body: null };
  const marks = edge.config.experiments.flatMap((experiment) => {
    const variant = isCounted(visit, experiment) ? exposedTo(visit, experiment) : undefined;
    const goals = experiment.goals.filter((goal) => "event" in goal && goal.event === event);
    return variant ? convert(visit, goals, { experiment, variant, edge }) : [];
  });
  return withMarks(visit, answer, marks, edge);
}
