/** HTTP-date (RFC 9110 §5.6.7): the preferred form, and the two obsolete ones a recipient must still read. */

const months = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];
const shortDay = "(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)";
const longDay = "(?:Monday|Tuesday|Wednesday|Thursday|Friday|Saturday|Sunday)";
const month = `(?<month>${months.join("|")})`;
const time = "(?<hour>\\d\\d):(?<minute>\\d\\d):(?<second>\\d\\d)";

const forms = [
  new RegExp(`^${shortDay}, (?<day>\\d\\d) ${month} (?<year>\\d{4}) ${time} GMT$`, "i"), // IMF-fixdate
  new RegExp(`^${longDay}, (?<day>\\d\\d)-${month}-(?<year>\\d\\d) ${time} GMT$`, "i"), // RFC 850
  new RegExp(`^${shortDay} ${month} (?<day>\\d\\d| \\d) ${time} (?<year>\\d{4})$`, "i"), // asctime
] as const;

/**
 * Milliseconds since the epoch, or undefined when the value is none of the three forms. Strict on purpose: a date that
 * is written wrongly must not make an answer fresh (RFC 9111 §4.2, §5.3). Only upper and lower case is forgiven.
 * @param now milliseconds since the epoch; a two-digit year is read as the one at most 50 years after it.
 */
export function parseHttpDate(value: string, now: number): number | undefined {
  for (const form of forms) {
    const parts = form.exec(value)?.groups;
    if (parts) return toTime(parts, now);
  }
  return undefined;
}

/** The preferred form, to the second. */
export function formatHttpDate(time: number): string {
  return new Date(time).toUTCString();
}

function toTime(parts: Record<string, string | undefined>, now: number): number | undefined {
  const [day, hour, minute, second] = [parts["day"], parts["hour"], parts["minute"], parts["second"]].map(Number) as [
    number,
    number,
    number,
    number,
  ];
  const year = parts["year"]!.length === 2 ? fullYear(Number(parts["year"]), now) : Number(parts["year"]);
  const monthIndex = months.indexOf(parts["month"]!.toLowerCase());
  if (hour > 23 || minute > 59 || second > 60) return undefined;
  const date = new Date(Date.UTC(year, monthIndex, day, hour, minute, second));
  // Date.UTC carries 31 Feb over into March and reads years below 100 as 19xx: neither is the date that was written.
  if (date.getUTCFullYear() !== year || (second < 60 && date.getUTCDate() !== day)) return undefined;
  return date.getTime();
}

/** RFC 9110 §5.6.7: a two-digit year more than 50 years ahead is the most recent past year with those digits. */
function fullYear(twoDigits: number, now: number): number {
  const thisYear = new Date(now).getUTCFullYear();
  const year = thisYear - (thisYear % 100) + twoDigits;
  return year > thisYear + 50 ? year - 100 : year;
}
