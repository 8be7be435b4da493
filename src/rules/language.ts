/** The language of rules: CEL with our variables, and two functions over lists and prefixes. */
import { Environment, type ASTNode, type ParseResult } from "@marcbachmann/cel-js";
import { contains, parseAddress, parsePrefix, type Address, type Prefix } from "../http/ip.ts";
import { embeddedIPv4 } from "../http/ip-form.ts";
import type { List, Lists } from "../lists/lists.ts";
import type { Identified } from "../visit.ts";
import type { CheckedNode, CompileChild, Facts, Run } from "./compile/node.ts";
import { ClientFacts, clientFields, RequestFacts, requestFields, ResponseFacts, responseFields } from "./facts.ts";
import { literalText } from "./tree.ts";

/** The language over one config's lists. */
export interface Language {
  readonly environment: Environment;
  /** The same with `response`, for what is asked when there is an answer. */
  readonly afterwards: Environment;
  readonly lists: Lists;
  /** The variables for one visit; the same for all expressions asked about it. */
  readonly contextOf: (visit: Identified) => Facts;
}

/** A parsed expression, to be checked and asked. */
export type Expression = ParseResult;

/** @param groupLength the setting `group`. */
export function createLanguage(lists: Lists, groupLength = 64): Language {
  const environment = new Environment()
    .registerType("Request", { ctor: RequestFacts, fields: requestFields })
    .registerType("Client", { ctor: ClientFacts, fields: clientFields })
    .registerVariable("request", "Request")
    .registerVariable("client", "Client")
    .registerVariable("nonce", "string")
    .registerFunction("inList(ast, ast): bool", withLiteral(inList(lists)))
    .registerFunction("inNet(ast, ast): bool", withLiteral(inNet()));
  const contexts = new WeakMap<Identified, Facts>();
  const afterwards = environment
    .clone()
    .registerType("Response", { ctor: ResponseFacts, fields: responseFields })
    .registerVariable("response", "Response");
  return {
    environment,
    afterwards,
    lists,
    contextOf(visit) {
      const known = contexts.get(visit);
      if (known) return known;
      const context = {
        request: new RequestFacts(visit),
        client: new ClientFacts(visit, groupLength),
        nonce: visit.nonce ?? "",
      };
      contexts.set(visit, context);
      return context;
    },
  };
}

/**
 * A function whose second argument is a text in quotes, so that it is looked up and checked once, when the config is
 * loaded, instead of at every visit.
 */
interface LiteralFunction<T> {
  /** What a literal stands for; undefined when it is none of those. */
  readonly read: (literal: string) => T | undefined;
  /** CEL types of the first argument. */
  readonly takes: readonly string[];
  readonly ask: (value: unknown, found: T) => boolean;
  /** Error code for a literal that can't be read. */
  readonly code: string;
}

/** `inList(client.ip, "offices")`: whether an address, a text, or an AS number is a member. */
function inList(lists: Lists): LiteralFunction<List> {
  return {
    read: (name) => lists.get(name),
    takes: ["string", "int", "dyn"],
    ask: (value, list) =>
      typeof value === "string" ? list.hasText(value) : typeof value === "bigint" && list.hasAsn(Number(value)),
    code: "unknown_list",
  };
}

/** `inNet(client.ip, "10.0.0.0/8")`: whether an address lies in a prefix. What is no address lies in none. */
function inNet(): LiteralFunction<Prefix> {
  // Of one visit, rules mostly ask about the same address.
  let last: { readonly text: string; readonly address: Address | undefined } | undefined;
  const addressOf = (text: string): Address | undefined => {
    if (last?.text !== text) last = { text, address: parseAddress(text) };
    return last.address;
  };
  return {
    read: parsePrefix,
    takes: ["string", "dyn"],
    ask(value, prefix) {
      const address = typeof value === "string" ? addressOf(value) : undefined;
      return address !== undefined && lies(address, prefix);
    },
    code: "invalid_prefix",
  };
}

/** Also by the IPv4 address inside an IPv6 one. */
function lies(address: Address, prefix: Prefix): boolean {
  const word = embeddedIPv4(address);
  return contains(prefix, address) || (word !== undefined && contains(prefix, [word]));
}

/** The library's side of a macro: what it needs of the two classes that it doesn't export. */
interface Checker {
  readonly check: (node: ASTNode, context: unknown) => { readonly name: string };
  readonly getType: (name: string) => unknown;
  readonly createError: (code: string, message: string, node: ASTNode) => Error;
}
interface Evaluator {
  readonly run: (node: ASTNode, context: unknown) => unknown;
}

function withLiteral<T>({ read, takes, ask, code }: LiteralFunction<T>) {
  return ({ args: [value, literal] }: { readonly args: readonly [ASTNode, ASTNode] }) => {
    const text = literalText(literal);
    const found = text === undefined ? undefined : read(text);
    return {
      async: false,
      typeCheck(checker: Checker, _macro: unknown, context: unknown): unknown {
        const { name } = checker.check(value, context);
        if (!takes.includes(name))
          throw checker.createError("invalid_argument", takes.slice(0, -1).join(" or "), value);
        if (text === undefined) throw checker.createError("no_literal", "a text in quotes", literal);
        if (found === undefined) throw checker.createError(code, text, literal);
        return checker.getType("bool");
      },
      evaluate: (evaluator: Evaluator, _macro: unknown, context: unknown): boolean =>
        ask(evaluator.run(value, context), found!),
      compile(_call: CheckedNode, compile: CompileChild): Run {
        const run = compile(value as unknown as CheckedNode);
        return (facts) => {
          const asked = run(facts);
          return asked === undefined ? undefined : ask(asked, found!);
        };
      },
    };
  };
}
