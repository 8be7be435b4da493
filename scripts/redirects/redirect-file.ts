/** Tables of redirects on disk: texts and CSV in, files for the edge out. */
import { readFileSync } from "node:fs";
import type { Problem } from "../../src/config/config.ts";
import { compileRedirects } from "../../src/config/redirect-tables.ts";
import { toEntry, type Entry, type Redirect } from "../../src/redirects/redirects.ts";
import { readRedirects } from "../../src/redirects/file.ts";
import { CommandError } from "../command-error.ts";
import { readCsv, type Row } from "./csv.ts";

/** A file that can't be used; the message says which, and all that is wrong. */
class RedirectFileError extends CommandError {
  override readonly name = "RedirectFileError";
}

/** A redirect, and the file and line that it is written in. */
interface Written {
  readonly at: string;
  readonly redirect: Redirect;
}

export interface Table {
  readonly entries: readonly Entry[];
  /** What works, and could be better. */
  readonly notes: readonly string[];
}

/** As many problems are shown. */
const mostShown = 20;

/**
 * The redirects of all these files, checked.
 * @param hosts that are ours besides those that are redirected.
 * @throws RedirectFileError with the problems of all files.
 */
export function readTables(files: readonly string[], hosts: readonly string[]): Table {
  const read = files.flatMap((file) => [...readTable(file, readText(file))]);
  const flaws: string[] = [];
  const placed: { readonly at: string; readonly value: Entry }[] = [];
  for (const { at, redirect } of read) {
    const value = toEntry(redirect);
    if (!("flaw" in value)) placed.push({ at, value });
    else flaws.push(`${at}: ${JSON.stringify(String(redirect[value.field]))} can't stand here: ${value.flaw}.`);
  }
  const { problems, notes } = compileRedirects(placed, { hosts, rules: [] });
  const wrong = [...flaws, ...problems.map(spelled)];
  if (wrong.length > 0) throw new RedirectFileError(shortened(wrong));
  return { entries: placed.map(({ value }) => value), notes: notes.map(spelled) };
}

function spelled({ at, says }: Problem): string {
  return `${at}: ${says}`;
}

export function shortened(lines: readonly string[]): string {
  return [
    ...lines.slice(0, mostShown),
    ...(lines.length > mostShown ? [`… and ${lines.length - mostShown} more.`] : []),
  ].join("\n");
}

/** CSV when it is called so, or else lines as `_redirects` files have them: from, to and status, with spaces between. */
function* readTable(file: string, text: string): Iterable<Written> {
  const plain = text.replace(/^\uFEFF/, "");
  const rows = /\.csv$/i.test(file) ? readCsv(plain) : readLines(plain);
  const [first, ...others] = rows;
  const heading = first?.fields.map((field) => field.toLowerCase());
  const isHeading = heading?.includes("from") === true && heading.includes("to");
  const columns = isHeading ? heading : ["from", "to", "status", "query"];
  for (const { line, fields } of isHeading ? others : rows) {
    const of = (name: string): string => fields[columns.indexOf(name)] ?? "";
    const redirect = {
      from: of("from"),
      to: of("to"),
      status: Number(of("status") || 301),
      query: !/^(?:false|no|0|drop)$/i.test(of("query")),
    };
    yield { at: `${file}:${line}`, redirect };
  }
}

function readLines(text: string): Row[] {
  return text.split(/\r\n|\n|\r/).flatMap((line, index) => {
    const fields = line
      .replace(/(?:^|\s)#.*$/, "")
      .trim()
      .split(/\s+/);
    return fields[0] === "" ? [] : [{ line: index + 1, fields }];
  });
}

/**
 * What a file that was built has in it.
 * @throws RedirectFileError
 */
export async function readBuilt(file: string): Promise<readonly Entry[]> {
  try {
    return (await readRedirects(new Blob([readBytes(file)]).stream()))!.entries;
  } catch (error) {
    if (error instanceof RedirectFileError) throw error;
    throw new RedirectFileError(`${file} can't be used: ${(error as Error).message}.`);
  }
}

function readText(file: string): string {
  return new TextDecoder().decode(readBytes(file));
}

function readBytes(file: string): Uint8Array<ArrayBuffer> {
  try {
    return new Uint8Array(readFileSync(file));
  } catch (error) {
    throw new RedirectFileError(`${file} can't be read: ${(error as Error).message}.`);
  }
}
