/** Bindings → what is written in them, each piece with the place where it stands. */
import { typos } from "./nearest.ts";
import type { Problem } from "./problem.ts";

/** A part of the config, not looked into yet. */
export interface Piece {
  /** Binding and path, such as `RULES_1[0]` or `LISTS.offices`. */
  readonly at: string;
  readonly value: unknown;
}

/** A member of a table. */
export interface NamedPiece extends Piece {
  readonly name: string;
}

export interface Raw {
  readonly origins: readonly Piece[];
  readonly sites: readonly Piece[];
  readonly rules: readonly Piece[];
  readonly redirects: readonly Piece[];
  readonly experiments: readonly Piece[];
  /** A list that is continued in another binding comes in several pieces. */
  readonly lists: readonly NamedPiece[];
  readonly settings: readonly NamedPiece[];
  /** A kind that is continued in another binding comes in several pieces. */
  readonly bots: readonly NamedPiece[];
  readonly problems: readonly Problem[];
}

/** The bindings that are ours; each may be continued as `RULES_1`, `RULES_2` …, because a variable holds 5 KB. */
const arrays = ["ORIGINS", "SITES", "RULES", "EXPERIMENTS", "REDIRECTS"] as const;
const tables = ["LISTS", "SETTINGS", "BOTS"] as const;
const bindingNames: readonly string[] = [...arrays, ...tables];

export function read(bindings: Readonly<Record<string, unknown>>): Raw {
  const problems = [...findUnknown(bindings)];
  const items = (name: string): Piece[] =>
    parts(bindings, name, problems).flatMap(({ at, value }) => {
      if (Array.isArray(value)) return value.map((item: unknown, index) => ({ at: `${at}[${index}]`, value: item }));
      problems.push({ at, says: `${show(value)} is not a list.` });
      return [];
    });
  const members = (name: string): NamedPiece[] =>
    parts(bindings, name, problems).flatMap(({ at, value }) => {
      if (isTable(value))
        return Object.entries(value).map(([key, member]) => ({ at: at + step(key), name: key, value: member }));
      problems.push({ at, says: `${show(value)} is not a table.` });
      return [];
    });
  const [origins, sites, rules, experiments, redirects] = arrays.map(items) as [
    Piece[],
    Piece[],
    Piece[],
    Piece[],
    Piece[],
  ];
  const [lists, settings, bots] = [members("LISTS"), members("SETTINGS"), members("BOTS")];
  return { origins, sites, rules, experiments, redirects, lists, settings, bots, problems };
}

/** The binding and its continuations, in order, as values. */
function parts(bindings: Readonly<Record<string, unknown>>, name: string, problems: Problem[]): Piece[] {
  const numbers = Object.keys(bindings)
    .filter((key) => key.startsWith(`${name}_`) && familyOf(key) === name)
    .map((key) => Number(key.slice(name.length + 1)))
    .toSorted((a, b) => a - b);
  return [name, ...numbers.map((number) => `${name}_${number}`)].flatMap((at) => {
    const value = bindings[at];
    if (typeof value !== "string") return value === undefined ? [] : [{ at, value }];
    try {
      return [{ at, value: JSON.parse(value) as unknown }];
    } catch (error) {
      problems.push({ at, says: `The text is not JSON: ${(error as Error).message}.` });
      return [];
    }
  });
}

/** `RULES_2` → `RULES`; a name that isn't of that form is its own. */
function familyOf(binding: string): string {
  return /^([A-Z]+)_[1-9]\d{0,3}$/.exec(binding)?.[1] ?? binding;
}

/** Bindings that look like ours and aren't. Others (secrets, KV, rate limits, other variables) are nobody's business. */
function* findUnknown(bindings: Readonly<Record<string, unknown>>): Iterable<Problem> {
  for (const [at, value] of Object.entries(bindings)) {
    const family = familyOf(at);
    if (bindingNames.includes(family) || value === undefined) continue;
    if (Array.isArray(value) || isTable(value)) {
      const base = at.replace(/_?\d+$/, "").toUpperCase();
      const meant = bindingNames.find((name) => typos(base, name) <= 1);
      if (meant) yield { at, says: `There is no such binding; did you mean "${meant}"?` };
    }
  }
}

/** A plain object, as JSON and TOML give; not a list, and not one of the platform's bindings. */
export function isTable(value: unknown): value is Readonly<Record<string, unknown>> {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === null || prototype === Object.prototype;
}

/** A step of a path: `.name`, `[2]`, or `["with spaces"]`. */
export function step(key: unknown): string {
  if (typeof key === "number") return `[${key}]`;
  return /^[A-Za-z_][\w-]*$/.test(String(key)) ? `.${String(key)}` : `[${JSON.stringify(String(key))}]`;
}

/** A value as a problem shows it, short. Tables are shown by their fields' names, because they may hold secrets. */
export function show(value: unknown): string {
  if (typeof value === "string") return JSON.stringify(value.length > 120 ? `${value.slice(0, 119)}…` : value);
  if (Array.isArray(value)) return value.length === 0 ? "An empty list" : `A list of ${value.length}`;
  if (isTable(value)) {
    const names = Object.keys(value);
    return names.length === 0
      ? "An empty table"
      : `The table { ${names.slice(0, 6).join(", ")}${names.length > 6 ? ", …" : ""} }`;
  }
  const isPlain = ["number", "boolean", "bigint", "undefined"].includes(typeof value);
  return value === null || isPlain ? `${value as number | null}` : "What is there";
}
