/** What a visit showed to be let in, and what becomes of it. */
import { dropCookies } from "../http/cookie.ts";
import type { Fields } from "../http/fields.ts";
import { withoutParameters } from "../http/query.ts";
import type { Clean } from "../visit.ts";

/**
 * What was for the edge alone, and is taken out: no later room sees it, no answer is another one because of it, and no origin gets
 * it. Names of fields in lower case.
 */
export interface Passed {
  /** Name → value in its place; undefined: none. */
  readonly fields?: Readonly<Record<string, string | undefined>>;
  readonly cookies?: readonly string[];
  /** Parameters of the query. */
  readonly query?: readonly string[];
}

/** The visit as the rooms after this one get it. */
export function passOn(visit: Clean, passed: readonly Passed[]): Clean {
  if (passed.length === 0) return visit;
  const query = passed.flatMap((one) => one.query ?? []);
  const fields = visit.fields.copy();
  for (const one of passed) take(one, fields);
  return { ...visit, fields, ...(query.length > 0 && { url: withoutParameters(visit.url, query) }) };
}

function take({ fields = {}, cookies = [] }: Passed, from: Fields): void {
  for (const [name, value] of Object.entries(fields)) {
    if (value === undefined) from.delete(name);
    else from.set(name, value);
  }
  dropCookies(from, cookies);
}
