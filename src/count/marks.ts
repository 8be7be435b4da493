/**
 * The cookie in which clients carry what they were counted for: marks of the variant of each experiment that they saw first, and of
 * goals that they reached. So each counts once, and nobody keeps a list of clients. It isn't signed: who makes one up reaches goals
 * without being counted as a client.
 */
import type { Answer } from "../answer.ts";
import { markLength, mostMarks } from "../config/experiments.ts";
import type { Edge } from "../edge.ts";
import { dropCookies, takeCookie } from "../http/cookie.ts";
import { markPrivate } from "../http/private.ts";
import { ownCookie } from "../http/set-cookie.ts";
import type { Clean } from "../visit.ts";

const markCookie = "perigee-counted";

/** Milliseconds from the last that it was counted for: longer than experiments run. */
const lasts = 90 * 24 * 3_600_000;

/** The visit without the cookie, and with what was in it. */
export function takeMarks(visit: Clean): Clean {
  const field = visit.fields.get("cookie");
  if (field === undefined || !field.includes(markCookie)) return visit;
  const { values = [] } = takeCookie(field, markCookie) ?? {};
  const marks = values.flatMap((value) => value.match(form) ?? []).slice(0, mostMarks);
  return { ...visit, fields: dropCookies(visit.fields.copy(), [markCookie]), marks: new Set(marks) };
}

const form = new RegExp(`[0-9a-z]{${markLength}}`, "g");

/** The answer by which its client gets these marks as well, in place. */
export function addMarks(visit: Clean, answer: Answer, more: readonly string[], edge: Edge): void {
  const known = new Set(
    edge.config.experiments.flatMap(({ variants, goals }) => [...variants, ...goals].map(({ mark }) => mark)),
  );
  const value = [...new Set([...(visit.marks ?? []), ...more])].filter((mark) => known.has(mark)).join("");
  answer.fields.append("set-cookie", ownCookie({ name: markCookie, value, lasts, protocol: visit.url.protocol }));
  markPrivate(answer.fields);
}
