/**
 * Patterns of paths, in the form that URLPattern, routers and `_redirects` files have: `/blog/:year/:slug`, `/img-:id.jpg`,
 * `/old/*`. There is nothing in them that a text could make slow.
 */
import { normalPath, pathFlaw } from "./path.ts";

/** What a segment, between two slashes, must be. */
export interface Segment {
  readonly before: string;
  /** There is something between `before` and `after` that is taken under that name; undefined: `before` is all of it. */
  readonly name: string | undefined;
  readonly after: string;
}

export interface PathPattern {
  readonly segments: readonly Segment[];
  /** What follows the segments, where there is a "*": it stands for anything, also for nothing and for slashes. */
  readonly rest: { readonly before: string; readonly after: string } | undefined;
  /** Of what is taken, in order; that of the "*" is "splat". */
  readonly names: readonly string[];
  /** The same for patterns that fit the same paths. */
  readonly shape: string;
}

/** Why a text is no pattern, or no text for what one takes: words that follow a colon. */
export interface PatternFlaw {
  readonly flaw: string;
}

/** The name of what a "*" stands for. */
const splat = "splat";

/** Segments of a path are looked at one after the other, so many at most. */
const mostSegments = 40;

/** A name: where no letter or digit stands before its colon, as one does in "/Talk:Main". */
const names = /(?<![A-Za-z0-9]):([A-Za-z]\w*)/g;

/** Letters that no path has in its normal form, in place of what the parser of URLs must not touch. */
const [nameMark, starMark] = ["\ue000", "\ue001"];

export function parsePathPattern(text: string): PathPattern | PatternFlaw {
  const found = flawIn(text);
  if (found) return { flaw: found };
  const written = text.split("/").slice(1);
  const stars = written.findIndex((segment) => segment.includes("*"));
  const segments = (stars === -1 ? written : written.slice(0, stars)).flatMap((segment) => toSegment(segment) ?? []);
  if (segments.length < (stars === -1 ? written.length : stars)) return { flaw: "a segment has more than one name" };
  const rest = stars === -1 ? undefined : toRest(written.slice(stars).join("/"));
  if (rest && "flaw" in rest) return rest;
  return complete(segments, rest);
}

function flawIn(text: string): string | undefined {
  if (!text.startsWith("/")) return 'it doesn\'t begin with "/"';
  if (/[?#]/.test(text)) return 'it has a "?" or "#" in it';
  if (pathFlaw(text) || /(?:^|\/)\.\.?(?:\/|$)/.test(text))
    return 'it has "." or ".." for a segment, or characters that no path has';
  if (text.split("/").length - 1 > mostSegments) return `it has more than ${mostSegments} segments`;
  return undefined;
}

function toSegment(text: string): Segment | undefined {
  const [found, ...others] = text.matchAll(names);
  if (!found) return { before: literal(text), name: undefined, after: "" };
  if (others.length > 0) return undefined;
  const after = text.slice(found.index + found[0].length);
  return { before: literal(text.slice(0, found.index)), name: found[1], after: literal(after) };
}

function toRest(text: string): PathPattern["rest"] | PatternFlaw {
  const [before = "", after = "", ...others] = text.split("*");
  if (others.length > 0) return { flaw: 'it has more than one "*"' };
  if (text.search(names) !== -1) return { flaw: 'a name stands in the segment of the "*", or behind it' };
  return { before: literal(before), after: literal(after) };
}

function complete(segments: readonly Segment[], rest: PathPattern["rest"]): PathPattern | PatternFlaw {
  const taken = [...segments.flatMap(({ name }) => (name === undefined ? [] : [name])), ...(rest ? [splat] : [])];
  const twice = taken.find((name, index) => taken.indexOf(name) !== index);
  if (twice !== undefined) return { flaw: `the name "${twice}" is there twice` };
  const shapes = segments.map(({ before, name, after }) => before + (name === undefined ? "" : nameMark) + after);
  const shape = [...shapes, ...(rest ? [rest.before + starMark + rest.after] : [])].map((each) => `/${each}`).join("");
  return { segments, rest, names: taken, shape };
}

/** What every normal form leaves as it is. */
const plain = /^[\w.~-]*$/;

/** As the visited path has it. */
function literal(text: string): string {
  if (plain.test(text)) return text;
  // A letter at each end keeps the parser from taking a dot for a segment, or a space for no part of it.
  const url = new URL("http://path.invalid/");
  url.pathname = `/-${text}-`;
  return normalPath(url.pathname.slice(2, -1));
}

/** A text into which what a pattern took is put: the pieces between, and the places in {@link PathPattern.names}. */
export interface Filling {
  readonly pieces: readonly string[];
  readonly places: readonly number[];
  /** From which piece on it is a query. */
  readonly query: number;
}

/** `/news/:slug` for the names that a pattern takes. */
export function parseFilling(text: string, known: readonly string[]): Filling | PatternFlaw {
  const pieces: string[] = [];
  const places: number[] = [];
  let from = 0;
  for (const { index, 0: written, 1: name } of text.matchAll(names)) {
    const place = known.indexOf(name!);
    if (place === -1) return { flaw: unknown(name!, known) };
    pieces.push(text.slice(from, index));
    places.push(place);
    from = index + written.length;
  }
  pieces.push(text.slice(from));
  const query = pieces.findIndex((piece) => piece.includes("?"));
  return { pieces, places, query: query === -1 ? pieces.length : query };
}

function unknown(name: string, known: readonly string[]): string {
  const there = known.length === 0 ? "it takes none" : `it takes ${known.map((each) => `:${each}`).join(", ")}`;
  return `":${name}" is nothing that the pattern takes (${there}); for a colon write "%3A"`;
}

/** What was taken of a path, as one value of a query: "&", "+" and "=" mean something there. */
export function asQueryValue(taken: string): string {
  return taken.replace(/[&+=]/g, encodeURIComponent);
}

/** In the text's query, what was taken stays one value. */
export function fill({ pieces, places, query }: Filling, taken: readonly string[]): string {
  let text = pieces[0]!;
  for (const [index, place] of places.entries()) {
    const value = taken[place]!;
    text += (index < query ? value : asQueryValue(value)) + pieces[index + 1]!;
  }
  return text;
}
