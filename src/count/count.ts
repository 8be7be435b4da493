/** Door of the count room: what visits do in experiments, counted without a delay or a failure of theirs. */
import type { Answer } from "../answer.ts";
import type { Edge } from "../edge.ts";
import type { Enrolled } from "../visit.ts";
import { askAgain } from "./ask-again.ts";
import { isCounted, seesItsOwn } from "./client.ts";
import { convert, expose, exposedTo, leaveOut } from "./convert.ts";
import { isReached } from "./goals.ts";
import { countAnswer } from "./guard.ts";
import { withMarks } from "./marks.ts";

export { countEvent } from "./event.ts";
export { watchRefreshes } from "./guard.ts";
export { takeMarks } from "./marks.ts";
export { reportExperiments, resumeExperiment, standings } from "./report.ts";

/** Counts the visit and what came of it; its client may get a cookie by which it counts once. */
export async function count(visit: Enrolled, answer: Answer, edge: Edge): Promise<Answer> {
  if (answer.webSocket || (visit.experiments.length === 0 && !visit.counted)) return answer;
  askAgain(visit, answer, edge.config.experiments);
  if (visit.testing) return answer;
  const seen = new Map(visit.experiments.map((assignment) => [assignment.experiment, assignment]));
  const marks = edge.config.experiments.flatMap((experiment) => {
    const assignment = seen.get(experiment.name);
    if (assignment && !seesItsOwn(assignment)) return leaveOut(visit, assignment, experiment);
    if (assignment) {
      edge.analytics.count(experiment.measured, assignment.variant, { kind: "visit" });
      countAnswer(visit, answer, { experiment, variant: assignment.variant, edge });
    }
    if (!isCounted(visit, experiment)) return [];
    const first = exposedTo(visit, experiment) ?? (assignment && expose(visit, assignment, { experiment, edge }));
    const reached = experiment.goals.filter((goal) => isReached(goal, visit, answer));
    return first ? [first.mark, ...convert(visit, reached, { experiment, variant: first, edge })] : [];
  });
  return withMarks(visit, answer, marks, edge);
}
