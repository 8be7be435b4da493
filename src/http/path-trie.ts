/** Many patterns of paths, asked at once: a tree of their segments. */
import { Affixes } from "./affixes.ts";
import type { PathPattern, Segment } from "./path-pattern.ts";

/** What fits a path, and what its pattern took of it, in the order of its names. */
export interface Fitting<T> {
  readonly value: T;
  readonly taken: readonly string[];
}

/** Of the pattern that ends there; undefined where none does. */
interface End<T> {
  value: T | undefined;
}

/** After some segments. */
interface Node<T> extends End<T> {
  readonly texts: Map<string, Node<T>>;
  /** Segments with a name in them. */
  named: Affixes<Node<T>> | undefined;
  /** With a "*". */
  rests: Affixes<End<T>> | undefined;
}

/**
 * Of several that fit, the one counts that says more: from the left, a text before a name, a name before "*", and more text
 * before less. The order in which they were added makes no difference. A look-up sees each place of the tree once at most.
 */
export class PathTrie<T extends object> {
  readonly #root = empty<T>();

  /** One of the same shape is replaced. */
  add({ segments, rest }: PathPattern, value: T): void {
    const node = segments.reduce(enter, this.#root);
    const end = rest ? (node.rests ??= new Affixes()).enter(rest, () => ({ value })) : node;
    end.value = value;
  }

  /** @param path in normal form, beginning with "/". */
  find(path: string): Fitting<T> | undefined {
    const taken: string[] = [];
    const value = search(this.#root, { path, taken }, 1);
    return value && { value, taken };
  }
}

/** What one pattern takes of a path; undefined when it doesn't fit. */
export function matcherOf(pattern: PathPattern): (path: string) => readonly string[] | undefined {
  const trie = new PathTrie<PathPattern>();
  trie.add(pattern, pattern);
  return (path) => trie.find(path)?.taken;
}

function empty<T>(): Node<T> {
  return { texts: new Map(), named: undefined, rests: undefined, value: undefined };
}

function enter<T>(node: Node<T>, { before, name, after }: Segment): Node<T> {
  if (name !== undefined) return (node.named ??= new Affixes()).enter({ before, after }, empty<T>);
  const known = node.texts.get(before) ?? empty<T>();
  node.texts.set(before, known);
  return known;
}

interface Asked {
  readonly path: string;
  /** What is taken on the way that is being tried. */
  readonly taken: string[];
}

/** @param at where the next segment begins; behind the path's end when there is none. */
function search<T extends object>(node: Node<T>, asked: Asked, at: number): T | undefined {
  const { path, taken } = asked;
  if (at > path.length) return node.value;
  const { texts, named, rests } = node;
  const slash = path.indexOf("/", at);
  const end = slash === -1 ? path.length : slash;
  const segment = path.slice(at, end);
  const next = texts.get(segment);
  const found = next && search(next, asked, end + 1);
  if (found) return found;
  const depth = taken.length;
  const byName = named?.find(segment, 1, (inside, between) => {
    taken.length = depth;
    taken.push(between);
    return search(inside, asked, end + 1);
  });
  if (byName) return byName;
  return rests?.find(path.slice(at), 0, ({ value }, between) => {
    taken.length = depth;
    taken.push(between);
    return value;
  });
}
