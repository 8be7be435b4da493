/** Lists of bots as they are published: what they hold, whatever their shape. */

/** One bot of a list. */
export interface Listed {
  /** Its product token; one that begins with "^" counts only at the beginning of a User-Agent. */
  readonly token: string;
  /** What the list says that it is for, the shortest first; empty when it says nothing. */
  readonly about: readonly string[];
}

/** What a file holds. */
export interface Published {
  readonly listed: readonly Listed[];
  /** Entries that no token can be made of. */
  readonly unread: readonly string[];
}

/** A file that is of no known shape; the message says what was expected. */
export class ShapeError extends Error {
  override readonly name = "ShapeError";
}

/**
 * An array of objects with `pattern`; an object of name → what is said of it, with `function`; or a text with a token a line,
 * which may be a robots.txt.
 * @throws ShapeError
 */
export function readPublished(text: string): Published {
  const trimmed = text.replace(/^\uFEFF/, "").trimStart();
  if (!/^[[{]/.test(trimmed)) return { listed: readLines(trimmed), unread: [] };
  const json = parse(trimmed);
  if (Array.isArray(json)) return readPatterns(json);
  return {
    listed: Object.entries(json as object).map(([token, said]) => ({ token, about: aboutOf(said) })),
    unread: [],
  };
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new ShapeError(`it begins like JSON and is none: ${(error as Error).message}`);
  }
}

function readPatterns(entries: readonly unknown[]): Published {
  const [listed, unread]: [Listed[], string[]] = [[], []];
  for (const entry of entries) {
    const pattern = typeof entry === "string" ? entry : fieldOf(entry, "pattern");
    if (pattern === undefined) throw new ShapeError("it is a list, but not of texts or of objects with a pattern");
    const token = tokenOf(pattern);
    if (token === undefined) unread.push(pattern);
    else listed.push({ token, about: aboutOf(entry) });
  }
  return { listed, unread };
}

/** What a regular expression finds, when that is one text whatever its letter case; undefined when it is several. */
function tokenOf(pattern: string): string | undefined {
  const literal = pattern
    .replace(/\[([a-z])([a-z])\]/gi, (all, one: string, other: string) =>
      one.toLowerCase() === other.toLowerCase() ? one.toLowerCase() : all,
    )
    .replace(/(?:\\b|\(\?!.*\)|\$)+$/, "")
    .replace(/^\\b/, "");
  const plain = literal.replace(/\\([^a-z0-9])/gi, (_, character: string) => character);
  const isPlain = !/[*+?^${}()|[\]\\]/.test(literal.replace(/^\^/, "").replace(/\\[^a-z0-9]/gi, ""));
  return isPlain ? plain.replace(/[\s/;:(]+$/, "") : undefined;
}

/** Words of the lists that exist, the most telling first. */
const telling = ["function", "category", "type", "tags", "categories", "description"] as const;

function aboutOf(entry: unknown): readonly string[] {
  return telling.flatMap((name) => fieldOf(entry, name) ?? []);
}

function fieldOf(entry: unknown, name: string): string | undefined {
  const value: unknown =
    typeof entry === "object" && entry !== null ? (entry as Record<string, unknown>)[name] : undefined;
  if (Array.isArray(value)) return value.filter((each) => typeof each === "string").join(" ");
  return typeof value === "string" ? value : undefined;
}

/** Of a robots.txt, the names in it. */
function readLines(text: string): readonly Listed[] {
  return text.split(/\r\n|\n|\r/).flatMap((line) => {
    const said = line.replace(/(?:^|\s)#.*$/, "").trim();
    const token = said.replace(/^user-agent\s*:\s*/i, "");
    const isOther = token === said && /^[\w-]+\s*:/.test(said);
    return token === "" || token === "*" || isOther ? [] : [{ token, about: [] }];
  });
}
