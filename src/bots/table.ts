/** Which bot a User-Agent names, and what for that is: a table of product tokens. */
import type { NamedKind } from "./kinds.ts";
import { aiAgents, aiSearch, aiTraining } from "./known/ai.ts";
import { scanner, tool } from "./known/programs.ts";
import { feed, preview } from "./known/reading.ts";
import { search } from "./known/search.ts";
import { monitor } from "./known/watching.ts";

/** Kind → product tokens; one that begins with "^" counts only where the agent begins with it. */
export type Tokens = Readonly<Partial<Record<NamedKind, readonly string[]>>>;

export interface BotTable {
  /** The bot that an agent names, which is given in lower case; undefined when it names none of the table. */
  readonly find: (agent: string) => Found | undefined;
  /** As they are written into robots.txt: those that are product tokens there, each once. */
  readonly robotsTokens: (kind: NamedKind) => readonly string[];
}

export interface Found {
  /** A lower-case token such as "gptbot". */
  readonly name: string;
  readonly kind: NamedKind;
}

/** What the edge knows without being told. */
export const knownTokens: Tokens = {
  "ai-training": aiTraining,
  "ai-search": aiSearch,
  "ai-agent": aiAgents,
  search,
  feed,
  preview,
  monitor,
  tool,
  scanner,
};

/** A token that can stand in the table: it begins and ends with a letter or digit, so that it is found as a word. */
export const tokenForm = /^\^?(?=[a-z0-9])[\w .:/!,'+-]{0,62}[a-z0-9_]$/i;

/** RFC 9309 §2.2.1 has letters, "-" and "_"; in use are digits and dots too. */
const robotsForm = /^[\w.-]+$/;

/** Names of bots, each of which can show that it is the one of that name. */
type Provable = Pick<ReadonlySet<string>, "has">;

/**
 * @param more over what is known: a token that is in both has the kind that it has here.
 * @param provable found before others, wherever they stand: who names one of them besides another would be believed as it.
 */
export function createBotTable(more: Tokens = {}, provable: Provable = new Set()): BotTable {
  const kindOf = new Map<string, NamedKind>();
  const written = new Map<string, string>();
  for (const tokens of [knownTokens, more]) {
    for (const [kind, token] of entriesOf(tokens)) {
      const key = keyOf(token);
      kindOf.set(key, kind);
      written.set(key, token);
    }
  }
  const pattern = patternOf([...written.values()]);
  return {
    find(agent) {
      const tokens = tokensIn(agent, pattern);
      const token = tokens.find(({ isLiked, token }) => !isLiked && provable.has(nameOf(token))) ?? tokens[0];
      return token && { name: nameOf(token.token), kind: kindOf.get(token.token)! };
    },
    robotsTokens: (kind) =>
      [...written].flatMap(([key, token]) => (kindOf.get(key) === kind && robotsForm.test(token) ? [token] : [])),
  };
}

interface Said {
  readonly token: string;
  /** It only says that it is like that one: "TelegramBot (like TwitterBot)". */
  readonly isLiked: boolean;
}

function tokensIn(agent: string, pattern: RegExp): readonly Said[] {
  return Array.from(agent.matchAll(pattern), ({ 0: token, index }) => ({
    token,
    isLiked: agent.endsWith("like ", index),
  }));
}

/** Of what the edge knows without being told. */
export const knownBots = createBotTable();

export function entriesOf(tokens: Tokens): readonly (readonly [kind: NamedKind, token: string])[] {
  return Object.entries(tokens).flatMap(([kind, all]) => all.map((token) => [kind as NamedKind, token] as const));
}

/** By which two spellings of one token are the same. */
export function keyOf(token: string): string {
  return token.replace(/^\^/, "").toLowerCase();
}

/** Whether the token would be found in one of these agents, which are in lower case. */
export function isFoundIn(token: string, agents: readonly string[]): boolean {
  const pattern = patternOf([token]);
  return agents.some((agent) => agent.search(pattern) !== -1);
}

/** Words alone, without repetition: the time is linear in the agent. Of two that begin alike, the longer one is found. */
function patternOf(tokens: readonly string[]): RegExp {
  const longestFirst = tokens.toSorted((one, other) => keyOf(other).length - keyOf(one).length);
  const one = (token: string): string => (token.startsWith("^") ? "^" : "\\b") + escaped(keyOf(token));
  return new RegExp(`(?:${longestFirst.map(one).join("|")})\\b`, "g");
}

function escaped(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\/]/g, "\\$&");
}

/** The name of the bot of that token, as it can stand in the log and on a trail. */
export function nameOf(token: string): string {
  return keyOf(token).replace(/[^a-z0-9._-]+/g, "-");
}
