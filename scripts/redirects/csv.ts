/** Comma-separated values (RFC 4180). */

export interface Row {
  /** Where it begins, counted from 1. */
  readonly line: number;
  readonly fields: readonly string[];
}

/** A field, in quotes or not, and what ends it. */
const field = /(?:"((?:[^"]|"")*)"|([^,\r\n]*))(,|\r\n|\n|\r|$)/y;

/** Rows of fields without the quotes around them; empty lines are none. A quote that isn't closed ends with its line. */
export function readCsv(text: string): Row[] {
  const rows: Row[] = [];
  let [line, start, fields] = [1, 1, [] as string[]];
  field.lastIndex = 0;
  while (field.lastIndex < text.length || fields.length > 0) {
    const found = field.exec(text) ?? skipLine(text, field.lastIndex);
    const [whole = "", quoted, plain = "", end = ""] = found;
    fields.push((quoted?.replaceAll('""', '"') ?? plain).trim());
    line += whole.match(/\r\n|\n|\r/g)?.length ?? 0;
    if (end === ",") continue;
    if (fields.some((each) => each !== "")) rows.push({ line: start, fields });
    [start, fields] = [line, []];
  }
  return rows;
}

/** What is no field of the grammar: the rest of the line as it is. */
function skipLine(text: string, from: number): readonly string[] {
  const [rest = "", end = ""] = /[^\r\n]*(\r\n|\n|\r|$)/y.exec(text.slice(from)) ?? [];
  field.lastIndex = from + rest.length;
  return [rest, undefined as never, rest.slice(0, rest.length - end.length), end];
}
