/** One line of a table of redirects: what is written → what is looked for. */
import { normalPath } from "../http/path.ts";
import { parseFilling, parsePathPattern, type Filling, type PathPattern } from "../http/path-pattern.ts";

/** As it is written, or stands in a file. */
export interface Redirect {
  /** A path, or a host and a path, with a query or names in it. */
  readonly from: string;
  readonly to: string;
  readonly status: number;
  /** The visited query goes along. */
  readonly query: boolean;
}

/** As it is looked for. */
export interface Entry extends Redirect {
  /** In lower case; undefined: every host's. */
  readonly host: string | undefined;
  /** Undefined where `path` is the one that is meant. */
  readonly pattern: PathPattern | undefined;
  /** In normal form, or the pattern's shape. */
  readonly path: string;
  /** With its "?", or "": only that query is meant. */
  readonly search: string;
  readonly filling: Filling;
}

/** What is wrong with one, and in which of its fields: words that follow a colon. */
export interface RedirectFlaw {
  readonly field: "from" | "to" | "status";
  readonly flaw: string;
}

export const redirectStatuses = [301, 302, 303, 307, 308] as const;

const forms = 'it is neither a path such as "/old", nor a host and a path such as "www.example.com/old"';

export function toEntry(redirect: Redirect): Entry | RedirectFlaw {
  const { from, to, status } = redirect;
  if (!(redirectStatuses as readonly number[]).includes(status))
    return { field: "status", flaw: `it is none of ${redirectStatuses.join(", ")}` };
  const source = readSource(from);
  if (typeof source === "string") return { field: "from", flaw: source };
  const wrong = flawOfTarget(to);
  if (wrong) return { field: "to", flaw: wrong };
  const filling = parseFilling(to, source.pattern?.names ?? []);
  return "flaw" in filling ? { field: "to", ...filling } : { ...redirect, ...source, filling };
}

type Source = Pick<Entry, "host" | "pattern" | "path" | "search">;

/** Scheme and host, then path, then query. A scheme makes no difference: what was http once is asked for by https today. */
const source = /^(?:(?:https?:\/\/)?([^/?#*:\s]+))?(\/[^?#\s]*)(\?[^#\s]*)?$/i;

/** What is in normal form already, and no pattern: most are, and the parser of URLs takes longer than all else here. */
const plain = /^\/(?:[\w~/-]|\.(?=\w))*$/;

function readSource(text: string): Source | string {
  const [, name, path, query = ""] = source.exec(text) ?? [];
  if (path === undefined) return forms;
  const host = name === undefined ? undefined : URL.parse(`http://${name}/`)?.hostname;
  if (name !== undefined && host === undefined) return forms;
  if (query === "" && plain.test(path)) return { host, pattern: undefined, path, search: "" };
  const pattern = parsePathPattern(path);
  if ("flaw" in pattern) return pattern.flaw;
  if (pattern.names.length > 0) {
    return query === ""
      ? { host, pattern, path: pattern.shape, search: "" }
      : "a pattern takes any query: leave it out";
  }
  const there = { host, pattern: undefined };
  const url = new URL(`http://path.invalid${path}${query}`); // beside a base, "//a" would be a host
  return { ...there, path: normalPath(url.pathname), search: query === "?" ? "" : url.search };
}

function flawOfTarget(to: string): string | undefined {
  if (!/^(?:\/(?![/\\])|https?:\/\/[^/])/i.test(to))
    return 'it is neither a path such as "/new", nor a URL that begins with "https://"';
  if (/[\s\p{Cc}]/u.test(to)) return "it has a space in it; write %20";
  const host = /^https?:\/\/([^/?#]*)/i.exec(to)?.[1] ?? "";
  if (/:[a-z]/i.test(host)) return "a name can't stand in its host: whoever visits would choose where it leads";
  return plain.test(to) || URL.parse(to, "http://path.invalid/") ? undefined : "it is no URL";
}
