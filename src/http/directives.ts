/** Directives of Cache-Control and its targeted kin (RFC 9111 §5.2, RFC 9213). */

/**
 * Directive name in lower case → argument without quotes, or "" when it has none. Of repeated ones the first counts, but
 * of those that name fields the sum: without names they are about all of the answer (RFC 9111 §5.2.2.4, §5.2.2.7).
 */
export type Directives = ReadonlyMap<string, string>;

const directive = /([!#$%&'*+\-.^_`|~\w]+)(?:=(?:"((?:[^"\\]|\\.)*)"|([^\s,;"]*)))?/y;
const nothing: Directives = new Map();

const naming: ReadonlySet<string> = new Set(["private", "no-cache"]);

/** Reads a field value; what is no directive is passed over to the next comma. Never throws. */
export function parseDirectives(value: string | undefined): Directives {
  if (value === undefined || value === "") return nothing;
  const directives = new Map<string, string>();
  let at = 0;
  while (at < value.length) {
    const start = skipSeparators(value, at);
    directive.lastIndex = start;
    const found = directive.exec(value);
    const end = found ? directive.lastIndex : start;
    // An argument with something glued to it (`max-age=1x y`) is no directive; skip all of it.
    const rest = value.indexOf(",", end);
    const next = rest === -1 ? value.length : rest;
    if (found && value.slice(end, next).trim() === "") {
      const name = found[1]!.toLowerCase();
      const argument = unescape(found[2] ?? found[3] ?? "");
      const before = directives.get(name);
      if (before === undefined) directives.set(name, argument);
      else if (naming.has(name)) directives.set(name, before && argument && `${before},${argument}`);
    }
    at = next + 1;
  }
  return directives;
}

/** Whether the directive is there. Reads nothing where not even its name is, as in most answers. */
export function hasDirective(value: string | undefined, name: string): boolean {
  return value !== undefined && value.toLowerCase().includes(name) && parseDirectives(value).has(name);
}

/** RFC 9111 §1.2.2: more than this counts as this. */
const greatestDelta = 2 ** 31;

/**
 * A delta-seconds argument: undefined when the directive is absent, NaN when its argument is not a non-negative whole
 * number, so that the caller must decide what an unreadable one means (RFC 9111 §4.2.1: treat the answer as stale).
 */
export function deltaSeconds(directives: Directives, name: string): number | undefined {
  const argument = directives.get(name);
  if (argument === undefined) return undefined;
  return /^\d+$/.test(argument) ? Math.min(Number(argument), greatestDelta) : Number.NaN;
}

/** The field names a directive lists (`private="set-cookie, x-user"`), in lower case; empty when it names none. */
export function fieldNames(directives: Directives, name: string): readonly string[] {
  const argument = directives.get(name);
  if (!argument) return [];
  return argument
    .split(",")
    .map((field) => field.trim().toLowerCase())
    .filter((field) => field !== "");
}

function skipSeparators(value: string, from: number): number {
  let at = from;
  while (at < value.length && (value[at] === " " || value[at] === "\t" || value[at] === ",")) at++;
  return at;
}

function unescape(quoted: string): string {
  return quoted.includes("\\") ? quoted.replace(/\\(.)/g, "$1") : quoted;
}
