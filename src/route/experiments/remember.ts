import type { Answer } from "../../answer.ts";
import { markPrivate } from "../../http/private.ts";
import type { Enrolled } from "../../visit.ts";

/**
 * The answer on its way to this client, wherever it comes from: with the cookies by which it is known again, and not for those who
 * may see other variants. What is stored is neither.
 */
export function remember({ experiments, setCookies = [] }: Enrolled, answer: Answer): Answer {
  if (answer.webSocket || (experiments.length === 0 && setCookies.length === 0)) return answer;
  for (const line of setCookies) answer.fields.append("set-cookie", line);
  markPrivate(answer.fields);
  return answer;
}
