/** What of a visit an expression reads that another visit to the same URL may have otherwise. */
import type { ASTNode } from "@marcbachmann/cel-js";
import type { Reading, Reads } from "../config/reads.ts";
import { deviceFields } from "../http/device.ts";
import type { Facts } from "./compile/node.ts";
import type { Language } from "./language.ts";
import { literalText, nodesOf } from "./tree.ts";

/** What is the same for all who ask for one URL. */
const ofTheUrl = ["method", "url", "scheme", "host", "path", "query", "included"] as const;

/** Fact → the fields of the request that tell it; of all others no field does. */
const told: Readonly<Record<string, readonly string[]>> = {
  ...Object.fromEntries(ofTheUrl.map((name) => [`request.${name}`, []])),
  "request.contentLength": ["Content-Length"],
  "request.cookies": ["Cookie"],
  "client.device": deviceFields,
};

/**
 * What an expression depends on, for a visit.
 * @param ask the same, compiled: what the URL alone decides fails on nothing, for `false && x` is false whatever x is.
 */
export function readingOf(ast: ASTNode, ask: (facts: Facts) => unknown, language: Language): Reading {
  const read = readsOf(ast);
  return read
    ? { reads: (visit) => (ask(factsOfUrl(language.contextOf(visit))) === undefined ? read : undefined) }
    : {};
}

/** What something depends on that is made of these. */
export function readingOfAll(parts: readonly Reading[]): Reading {
  const all = parts.flatMap(({ reads }) => (reads ? [reads] : []));
  if (all.length === 0) return {};
  return {
    reads(visit) {
      const found = all.flatMap((reads) => reads(visit) ?? []);
      const isPrivate = found.some((each) => each.isPrivate);
      return found.length === 0 ? undefined : { fields: found.flatMap(({ fields }) => fields), isPrivate };
    },
  };
}

/** Undefined when it reads nothing but the URL. */
function readsOf(ast: ASTNode): Reads | undefined {
  const nodes = [...nodesOf(ast)];
  const named = new Map(nodes.flatMap(headerIn));
  const owners = new Set(nodes.filter((node) => factIn(node) !== undefined).map(({ args }) => (args as [ASTNode])[0]));
  const isWhole = nodes.some((node) => node.op === "id" && /^(?:request|client)$/.test(node.args) && !owners.has(node));
  const found = nodes.flatMap((node): (readonly string[] | undefined)[] => {
    const fact = factIn(node);
    if (fact === undefined) return [];
    return [named.has(node) ? [named.get(node)!] : Object.hasOwn(told, fact) ? told[fact] : undefined];
  });
  const fields = [...new Set(found.flatMap((each) => each ?? []))];
  const isPrivate = isWhole || found.includes(undefined);
  return isPrivate || fields.length > 0 ? { fields, isPrivate } : undefined;
}

/** "request.headers", of the expression that is that. */
export function factIn({ op, args }: ASTNode): string | undefined {
  if (op !== "." && op !== "[]") return undefined;
  const [owner, field] = args as readonly [ASTNode, ASTNode | string];
  const name = typeof field === "string" ? field : literalText(field);
  return owner.op === "id" && /^(?:request|client)$/.test(owner.args) ? `${owner.args}.${name}` : undefined;
}

/** Where one field of the request is asked for by its name: the map, and the name. */
function headerIn({ op, args }: ASTNode): (readonly [ASTNode, string])[] {
  if (op !== "." && op !== "[]" && op !== "in") return [];
  const [one, other] = args as readonly [ASTNode, ASTNode | string];
  const [map, key] = op === "in" ? [other, one] : [one, other];
  const name = typeof key === "string" ? key : literalText(key);
  const isMap = typeof map === "object" && factIn(map) === "request.headers";
  return isMap && name !== undefined ? [[map, name]] : [];
}

/** The facts of a visit of which only those of its URL are known: what can't do without others fails. */
function factsOfUrl({ request }: Pick<Facts, "request">): Facts {
  const known = Object.defineProperties(
    {},
    Object.fromEntries(ofTheUrl.map((name) => [name, { get: () => request[name], enumerable: true }])),
  );
  return { request: known, client: {}, nonce: "" } as unknown as Facts;
}
