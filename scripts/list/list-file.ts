/** Lists on disk: texts in, files for the edge out, and what is in those. */
import { readFileSync } from "node:fs";
import { formatAddress } from "../../src/http/ip-form.ts";
import type { Address } from "../../src/http/ip.ts";
import { decode, FixedList, ListError, type Member, type PrefixTable } from "../../src/lists/lists.ts";
import { readTextList } from "./text-list.ts";

/** A file that can't be used; the message says which, and all that is wrong. */
export class ListFileError extends Error {
  override readonly name = "ListFileError";
}

/** As many problems are shown. */
const mostShown = 20;

/**
 * The list of all members of these texts.
 * @param progress hears what is going on, where that takes long.
 * @throws ListFileError with the problems of all files.
 */
export function readTexts(files: readonly string[], progress: (says: string) => void): FixedList {
  const members: Member[] = [];
  const problems: string[] = [];
  for (const file of files) {
    const text = readTextList(readFile(file).toString("utf8"), (lines) =>
      progress(`${file}: ${grouped(lines)} lines read`),
    );
    for (const member of text.members) members.push(member);
    problems.push(...text.problems.slice(0, mostShown + 1).map(({ line, says }) => `${file}:${line}: ${says}`));
  }
  if (problems.length > 0) throw new ListFileError(render(problems));
  if (members.length > 250_000) progress(`${grouped(members.length)} members are sorted and merged`);
  return FixedList.of(members);
}

function render(problems: readonly string[]): string {
  const more = problems.length > mostShown ? ["… and more."] : [];
  return [...problems.slice(0, mostShown), ...more].join("\n");
}

/** @throws ListFileError when it can't be read, or is no list that was built. */
export function readList(file: string): FixedList {
  const bytes = readFile(file);
  try {
    return decode(new Uint8Array(bytes).buffer);
  } catch (error) {
    if (!(error instanceof ListError)) throw error;
    throw new ListFileError(`${file} can't be used: ${error.message}.`);
  }
}

function readFile(file: string): Buffer {
  try {
    return readFileSync(file);
  } catch (error) {
    throw new ListFileError(`${file} can't be read: ${(error as Error).message}.`);
  }
}

/** How many members of each kind it has; none of those that it has none of. */
export function describe({ sections: { v4, networks, hosts, asns, words } }: FixedList): string {
  const counts: readonly (readonly [number, string])[] = [
    [v4.size, "IPv4 prefixes"],
    [networks.size + hosts.size, "IPv6 prefixes"],
    [asns.length, "AS numbers"],
    [words.size, "texts"],
  ];
  const there = counts.filter(([count]) => count > 0).map(([count, what]) => `${what}: ${grouped(count)}`);
  return there.length > 0 ? there.join("; ") : "no members";
}

/** All members, as a text list has them. */
export function* membersOf({ sections: { v4, networks, hosts, asns, words } }: FixedList): Iterable<string> {
  for (const table of [v4, networks, hosts]) yield* prefixesOf(table);
  for (const asn of asns) yield `AS${asn}`;
  yield* words;
}

function* prefixesOf({ width, starts, lengths }: PrefixTable): Iterable<string> {
  for (const [at, length] of lengths.entries()) {
    const words = starts.subarray(at * width, (at + 1) * width);
    const address = (width === 1 ? [...words] : [...words, 0, 0].slice(0, 4)) as unknown as Address;
    yield `${formatAddress(address)}/${length}`;
  }
}

export function grouped(count: number): string {
  return count.toLocaleString("en-US");
}
