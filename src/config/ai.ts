/** A site's policy for AI, as it is written → as requests need it. */
import type { Kind, NamedKind } from "../bots/kinds.ts";
import type { BotTable } from "../bots/table.ts";
import { hashOf } from "../http/hash.ts";
import type { AiAccess, AiPolicy } from "./model.ts";
import type { AccessInput, AiInput } from "./schema/bots.ts";

/** Field → kind of bot, and what robots.txt calls them. */
const kinds = {
  search: { kind: "ai-search", about: "Those that index for an assistant's answers." },
  agents: { kind: "ai-agent", about: "Those that fetch for the user of an assistant." },
  training: { kind: "ai-training", about: "Those that gather what models are trained on." },
} as const satisfies Readonly<Record<string, { readonly kind: NamedKind; readonly about: string }>>;

const fields = Object.keys(kinds) as (keyof typeof kinds)[];

/** The fields in which proof is asked for. */
export function verifiedFields({ access }: AiPolicy): readonly (keyof typeof kinds)[] {
  return fields.filter((field) => access.get(kinds[field].kind)?.to === "verified");
}

/** @param table the product tokens of who is refused. */
export function toAi(input: AiInput, table: BotTable): AiPolicy {
  const access = new Map<Kind, AiAccess>(
    fields.flatMap((field) => {
      const said = input[field];
      return said === undefined ? [] : [[kinds[field].kind, toAccess(said)] as const];
    }),
  );
  // What only watches says nothing to anybody.
  const isSaid = input.robots && !input.monitor;
  return { access, monitor: input.monitor, robots: isSaid ? toRobots(access, table) : undefined };
}

const words: Readonly<Record<"allow" | "verified" | "block" | "402", AiAccess>> = {
  allow: { to: "all" },
  verified: { to: "verified" },
  block: { to: "none" },
  "402": { to: "payers", price: undefined },
};

function toAccess(said: AccessInput): AiAccess {
  return typeof said === "string" ? words[said] : { to: "payers", price: said.price };
}

type Access = AiPolicy["access"];

function toRobots(access: Access, table: BotTable): AiPolicy["robots"] {
  const refused = fields.flatMap((field) => {
    const { kind, about } = kinds[field];
    const tokens = isLetIn(access.get(kind)) === false ? table.robotsTokens(kind) : [];
    return tokens.length === 0 ? [] : [{ about, tokens }];
  });
  const policy = { refused, signal: signalOf(access) };
  return { ...policy, id: hashOf(JSON.stringify(policy)).toString(36) };
}

/** Undefined where nothing is said. Who would have to pay isn't let in: robots.txt knows no price. */
function isLetIn(access: AiAccess | undefined): boolean | undefined {
  return access && (access.to === "all" || access.to === "verified");
}

/**
 * `search` is what search engines do, of whom the policy doesn't speak; `ai-input` what is shown to a model while it answers,
 * for its index or its user. Unless the policy speaks of both, and treats them alike, no one word is true, and none is said.
 */
function signalOf(access: Access): string {
  const [search, agents] = [isLetIn(access.get("ai-search")), isLetIn(access.get("ai-agent"))];
  const signals = {
    search: true,
    "ai-input": search === agents ? search : undefined,
    "ai-train": isLetIn(access.get("ai-training")),
  };
  return Object.entries(signals)
    .flatMap(([use, may]) => (may === undefined ? [] : [`${use}=${may ? "yes" : "no"}`]))
    .join(", ");
}
