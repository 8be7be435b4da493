/** Tables of redirects on disk: texts and CSV in, files for the edge out. */
import { readFileSync } from "node:fs";
import { sayTrail } from "../../src/config/redirect-tables.ts";
import { findTrails, nameOf, toEntry, type Entry, type Redirect } from "../../src/redirects/redirects.ts";
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
  const written = files.flatMap((file) => [...readTable(file, readText(file))]);
  const places = new Map<Entry, string>();
  const names = new Map<string, string>();
  const problems: string[] = [];
  for (const { at, redirect } of written) {
    const entry = toEntry(redirect);
    if ("flaw" in entry) {
      problems.push(`${at}: ${JSON.stringify(String(redirect[entry.field]))} can't stand here: ${entry.flaw}.`);
      continue;
    }
    const before = names.get(nameOf(entry));
    if (before !== undefined)
      problems.push(`${at}: ${JSON.stringify(entry.from)} is redirected already, by ${before}.`);
    else {
      names.set(nameOf(entry), at);
      places.set(entry, at);
    }
  }
  const entries = [...places.keys()];
  const ours = new Set([...hosts, ...entries.flatMap(({ host }) => host ?? [])]);
  const trails = findTrails(entries, (host) => ours.has(host)).map((trail) => ({
    ...trail,
    at: places.get(trail.entry)!,
  }));
  const told = (wanted: string): string[] =>
    trails.flatMap((trail) => (trail.kind === wanted ? [`${trail.at}: ${sayTrail(trail)}`] : []));
  problems.push(...told("circle"));
  if (problems.length > 0) throw new RedirectFileError(shortened(problems));
  return { entries, notes: told("chain") };
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
