/** What the schema found → sentences. */
import type * as v from "valibot";
import { nearest } from "./nearest.ts";
import type { Problem } from "./problem.ts";
import { show, step, type Piece } from "./read.ts";

type Issue = v.BaseIssue<unknown>;

/** What a type is called in the config's own formats. */
const kinds: Readonly<Record<string, string>> = {
  string: "a text in quotes",
  number: "a number",
  boolean: "true or false",
  Array: "a list",
  Object: "a table",
};

/** For the schemas that say nothing themselves: what was expected, as in "… is not a number". */
export function expectation({ expected }: Issue): string {
  if (expected === null) return "what can stand here";
  return (
    kinds[expected] ?? (quoted(expected).length > 1 ? `one of ${quoted(expected).map(show).join(", ")}` : expected)
  );
}

/** @param parsed what was parsed, as it is written, and where that stands. */
export function describe(issue: Issue, parsed: Piece): Problem[] {
  const place = (issue.path ?? []).reduce(within, parsed);
  const inner = relevant(issue.issues ?? [], issue.input);
  if (inner.length > 0) return inner.flatMap((one) => describe(one, place));
  return [{ at: place.at, says: sentence(issue, place.value) }];
}

function within({ at, value }: Piece, { key }: v.IssuePathItem): Piece {
  const name = String(key);
  const isThere = typeof value === "object" && value !== null && Object.hasOwn(value, name);
  return { at: at + step(key), value: isThere ? (value as Readonly<Record<string, unknown>>)[name] : undefined };
}

/**
 * Of the issues that the alternatives of a union have, those of the alternative that was meant: what is wrong inside a
 * table or list, else what is wrong with the content of a value whose type is right. None when no type fits.
 */
function relevant(issues: readonly Issue[], input: unknown): readonly Issue[] {
  const kind = Array.isArray(input) ? "array" : "object";
  const inside = issues.filter(({ path }) => path?.[0].type === kind);
  if (inside.length > 0 && typeof input === "object") return inside;
  return issues.filter(({ kind, path }) => kind !== "schema" && path === undefined);
}

function sentence({ type, input: found, expected, message, path }: Issue, written: unknown): string {
  // "90s", and not the number that it was understood as; a table without the defaults that were added.
  const input = typeof found === "string" ? found : (written ?? found);
  const key = path?.at(-1);
  const words = quoted(expected ?? "");
  if (expected === "never" && key?.type === "array") return `${show(input)} is one too many.`;
  if (type === "never") {
    const meant = nearest(String(key?.key), words);
    return `There is no such field; ${meant ? `did you mean "${meant}"?` : `the fields here are ${words.join(", ")}.`}`;
  }
  if (input === undefined && key) return "It is missing.";
  const meant = typeof input === "string" ? nearest(input, words) : undefined;
  const end = message.endsWith("?") ? "" : ".";
  return `${show(input)} is not ${message}${meant ? `; did you mean "${meant}"?` : end}`;
}

/** The words that stand in quotes, which is how the schemas tell what may stand in a place. */
function quoted(expected: string): string[] {
  return (expected.match(/"(?:\\.|[^"\\])*"/g) ?? []).map((word) => JSON.parse(word) as string);
}
