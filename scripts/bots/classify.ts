/** From published lists to what a config has to add to the edge's own table. */
import type { NamedKind } from "../../src/bots/kinds.ts";
import { usual } from "../../src/bots/browsers.ts";
import { isFoundIn, keyOf, knownBots, tokenForm } from "../../src/bots/table.ts";
import type { Listed } from "./published.ts";

/** What became of a list's entries. */
export interface Classified {
  /** What the edge doesn't know yet, by kind, each token once and sorted. */
  readonly added: Readonly<Partial<Record<NamedKind, readonly string[]>>>;
  /** Known, and of the same kind as far as the list says one. */
  readonly known: number;
  /** Known, but the list says another kind: the edge's own stays. */
  readonly differing: readonly { readonly token: string; readonly kind: NamedKind; readonly listed: NamedKind }[];
  /** Of which nothing tells the kind. */
  readonly unclassified: readonly string[];
  /** That can be no token, or that browsers have in their User-Agents. */
  readonly unusable: readonly string[];
}

/** Words that tell a kind, the first that is found. */
const words: readonly (readonly [kind: NamedKind, words: RegExp])[] = [
  ["ai-search", /\bai\b.{0,20}search|answer engine|search.{0,20}(?:\bai\b|assistant)/i],
  ["ai-agent", /\bai\b.{0,20}(?:agent|assistant)|assistant|(?:user|prompt).{0,30}(?:request|initiat|quer|trigger)/i],
  ["ai-training", /train|\bllms?\b|language model|data ?sets?\b|corpus|\bai\b.{0,20}(?:scrap|crawl|data)|gptbot/i],
  ["scanner", /scan|vulnerab|security|pentest|internet.wide/i],
  ["feed", /\bfeeds?\b|\brss\b|podcast/i],
  ["preview", /preview|unfurl|link.expan|social|messag/i],
  ["monitor", /monitor|uptime|\bseo\b|backlink|analytic|advertis|market|brand|audit|valid/i],
  ["search", /search|index|archiv/i],
  ["tool", /librar|http.client|command.line|headless|automat|framework|scrap|\btool\b/i],
];

/** The kind that these words tell. */
export function kindIn(about: readonly string[]): NamedKind | undefined {
  for (const text of about) {
    const found = words.find(([, telling]) => telling.test(text));
    if (found) return found[0];
  }
  return undefined;
}

/** @param otherwise the kind of those of which nothing tells one. */
export function classify(listed: readonly Listed[], otherwise?: NamedKind): Classified {
  const added = new Map<string, { readonly token: string; readonly kind: NamedKind }>();
  const differing: { token: string; kind: NamedKind; listed: NamedKind }[] = [];
  const [unclassified, unusable]: [Set<string>, Set<string>] = [new Set(), new Set()];
  let known = 0;
  for (const { token, about } of listed) {
    const said = kindIn(about);
    const own = knownBots.find(keyOf(token))?.kind;
    const kind = said ?? otherwise;
    if (!tokenForm.test(token) || isFoundIn(token, usual)) unusable.add(token);
    else if (own && said && own !== said) differing.push({ token, kind: own, listed: said });
    else if (own) known += 1;
    else if (kind) added.set(keyOf(token), { token, kind });
    else unclassified.add(token);
  }
  return {
    added: byKind([...added.values()]),
    known,
    differing,
    unclassified: [...unclassified],
    unusable: [...unusable],
  };
}

function byKind(tokens: readonly { readonly token: string; readonly kind: NamedKind }[]): Classified["added"] {
  const groups = Map.groupBy(tokens, ({ kind }) => kind);
  return Object.fromEntries(
    [...groups].map(([kind, all]) => [
      kind,
      all.map(({ token }) => token).toSorted((a, b) => a.localeCompare(b, "en")),
    ]),
  );
}
