/** Answers under another status than their own, as rules say. */
import type { Answer } from "../answer.ts";
import { withdrawTargeted } from "../http/targeted.ts";
import type { Planned } from "../visit.ts";

/** Statuses that belong to a range or a condition of the client's, to a connection, or to an answer without a body. */
const fixed: ReadonlySet<number> = new Set([204, 205, 206, 304, 416]);

/**
 * The answer under the status that the last of the rules says that says one: by its own, by its class, or for all others. The cache keeps it, and how long, by its own, which
 * the rules of caching are about.
 */
export function replaceStatus(visit: Planned, answer: Answer): Answer {
  const { status } = answer;
  if (status < 200 || fixed.has(status)) return answer;
  const to = visit.finishing.statuses?.map((table) => statusIn(table, status)).findLast((each) => each !== undefined);
  if (to === undefined || to === status) return answer;
  visit.trail.note("transform", `status:${status}=${to}`);
  if (status < 400 && to >= 400) withdraw(answer);
  return { ...answer, status: to };
}

/** What says how long an answer is good, and whether it still is. */
const ofTheSuccess = ["age", "etag", "expires", "last-modified"] as const;

/** In place: what the origin said of a success is not said of the error in its place. A rule that edits `Cache-Control` comes later. */
function withdraw({ fields }: Answer): void {
  for (const name of ofTheSuccess) fields.delete(name);
  withdrawTargeted(fields);
  fields.set("cache-control", "no-store");
}

/** "default" is for no redirect: without its Location's status a client would go nowhere. */
function statusIn(table: Readonly<Record<string, number>>, status: number): number | undefined {
  const group = Math.floor(status / 100);
  return table[status] ?? table[`${group}xx`] ?? (group === 3 ? undefined : table["default"]);
}
