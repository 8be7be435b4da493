/** Points in time. */
import * as v from "valibot";

const form = 'a time such as "2026-12-01" or "2026-12-01T09:00:00+01:00"';

/** RFC 3339 §5.6, seconds left out or not; a day alone begins at midnight in UTC. */
const pattern = /^(\d{4}-\d\d-\d\d)(?:T\d\d:\d\d(?::\d\d)?(?:Z|[+-]\d\d:\d\d))?$/;

/** "2026-12-01", "2026-12-01T09:00Z", "2026-12-01T09:00:00+01:00" → milliseconds since the epoch. */
export const instant = v.pipe(
  v.string(form),
  v.regex(pattern, form),
  v.rawTransform(({ dataset: { value }, addIssue, NEVER }): number => {
    const time = Date.parse(value);
    if (!Number.isNaN(time) && isDay(pattern.exec(value)![1]!)) return time;
    addIssue({ message: form });
    return NEVER;
  }),
);

/** Some parsers take a 30th of February for the 2nd of March. */
function isDay(text: string): boolean {
  const day = new Date(`${text}T00:00:00Z`);
  return !Number.isNaN(day.getTime()) && day.toISOString().startsWith(text);
}
