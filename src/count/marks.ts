/**
 * The cookie in which clients carry what they were counted for: a number, and marks of the variant of each experiment that they saw
 * first, and of goals that they reached. So each counts once, and nobody keeps a list of clients. It is sealed: only who was
 * counted for a variant can reach its goals.
 */
import type { Answer } from "../answer.ts";
import { markLength, mostMarks } from "../config/experiments.ts";
import type { Edge } from "../edge.ts";
import { dropCookies, takeCookie } from "../http/cookie.ts";
import { hashOf } from "../http/hash.ts";
import { markPrivate } from "../http/private.ts";
import { ownCookie } from "../http/set-cookie.ts";
import { seal, unseal } from "../seal.ts";
import type { Clean, Counted } from "../visit.ts";

const markCookie = "perigee-counted";

/** Milliseconds from the last that it was counted for: longer than experiments run. */
export const lasts = 90 * 24 * 3_600_000;

/** As many cookies of the name are looked at: others may be of another path, or of a domain above. */
const mostCookies = 20;

const numberLength = 7;

/** The visit without the cookie, and with what was in the first good one. */
export async function takeMarks(visit: Clean, edge: Edge): Promise<Clean> {
  const field = visit.fields.get("cookie");
  if (field === undefined || !field.includes(markCookie)) return visit;
  const { values = [] } = takeCookie(field, markCookie) ?? {};
  const rest = { ...visit, fields: dropCookies(visit.fields.copy(), [markCookie]) };
  if (edge.config.experiments.length === 0) return rest;
  for (const value of values.slice(0, mostCookies)) {
    const sealed = await unseal(edge, purposeOf(visit), value);
    if (sealed) return { ...rest, counted: countedIn(sealed.text) };
  }
  if (values.length > 0) visit.trail.note("count", "unknown-cookie");
  return rest;
}

function countedIn(text: string): Counted {
  const marks = text.slice(numberLength).match(form) ?? [];
  return { number: text.slice(0, numberLength), marks: new Set(marks) };
}

const form = new RegExp(`[0-9a-z]{${markLength}}`, "g");

/** What tells the client from others, from now on. */
export function numberOf({ counted, id }: Clean): string {
  return counted?.number ?? hashOf(id).toString(36).padStart(numberLength, "0");
}

/** The answer by which its client gets these marks as well, in place; as it is where it has them, or nothing can be sealed. */
export async function withMarks(visit: Clean, answer: Answer, more: readonly string[], edge: Edge): Promise<Answer> {
  const had = visit.counted?.marks;
  if (more.every((mark) => had?.has(mark))) return answer;
  const known = new Set(
    edge.config.experiments.flatMap(({ variants, goals, leftOut }) => [
      leftOut,
      ...[...variants, ...goals].map(({ mark }) => mark),
    ]),
  );
  const marks = [...new Set([...(had ?? []), ...more])].filter((mark) => known.has(mark)).slice(0, mostMarks);
  const what = { text: numberOf(visit) + marks.join(""), until: edge.now() + lasts };
  const value = await seal(edge, purposeOf(visit), what);
  if (value === undefined) return answer;
  answer.fields.append("set-cookie", ownCookie({ name: markCookie, value, lasts, protocol: visit.url.protocol }));
  markPrivate(answer.fields);
  return answer;
}

function purposeOf({ site }: Clean): string {
  return `counted ${site.name}`;
}
