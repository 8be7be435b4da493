/** Which status a rule has answers have in place of their own. */
import * as v from "valibot";
import { agreeing, type Clash } from "./parts.ts";

/** 206, 304 and 416 belong to a range or a condition of the client's, 1xx and 101 to the connection. */
const given = v.pipe(
  v.string(),
  v.regex(
    /^(?!206|304|416)(?:[2-5]\d\d|[2-5]xx|default)$/,
    'a status such as "404", a class such as "5xx", or "default"; but none of 206, 304 and 416',
  ),
);

const wanted = "a status from 200 to 599 whose answers have a body of their own: none of 204, 205, 206, 304 and 416";
const status = v.pipe(
  v.number(wanted),
  v.integer(wanted),
  v.minValue(200, wanted),
  v.maxValue(599, wanted),
  v.check((code) => ![204, 205, 206, 304, 416].includes(code), wanted),
);

export const statusSchema = v.pipe(v.record(given, status), agreeing(findClashes));

/** A redirect needs a Location, which no other answer has; and an answer that has one is no page. */
function findClashes(table: Readonly<Record<string, number>>): Clash[] {
  return Object.entries(table).flatMap(([from, to]) => {
    const isRedirect = to >= 300 && to < 400;
    if (isRedirect === from.startsWith("3")) return [];
    const message = isRedirect
      ? "possible here: only of a redirect another one can be made"
      : "possible here: a redirect has no content of its own";
    return [{ at: [from] as const, value: to, message }];
  });
}
