/** HTTP Message Signatures of requests (RFC 9421), without keys: what is signed, and how it stands in the fields. */
import {
  parseDictionary,
  serializeDictionary,
  serializeInnerList,
  serializeItem,
  type Dictionary,
  type InnerList,
  type Item,
} from "structured-headers";
import type { Address } from "./address.ts";
import type { Fields } from "./fields.ts";

/** What a signature covers, and its parameters (§2.3): a member of `Signature-Input`. */
export type SignatureInput = InnerList;

/** A request, as far as a signature can speak of it. */
export interface SignedRequest {
  readonly method: string;
  readonly url: Pick<Address, "href" | "host" | "protocol" | "pathname" | "search">;
  /** The value of a field by its name in lower case, its lines joined. */
  readonly field: (name: string) => string | undefined;
}

/** What follows from the request besides its fields (§2.2). */
const derived: Readonly<Record<string, (request: SignedRequest) => string>> = {
  "@method": ({ method }) => method,
  "@target-uri": ({ url }) => url.href,
  "@authority": ({ url }) => url.host,
  "@scheme": ({ url }) => url.protocol.slice(0, -1),
  "@request-target": ({ url }) => url.pathname + url.search,
  "@path": ({ url }) => url.pathname,
  "@query": ({ url }) => url.search || "?",
};

/** Names of the components of which a request always has something. */
export const derivedComponents: readonly string[] = Object.keys(derived);

/**
 * The text that is signed (§2.5).
 * @returns undefined when a component is covered twice, isn't there, or is of a kind that is not understood here: one with
 * another parameter than `key`, or `@query-param`.
 */
export function signatureBase(input: SignatureInput, request: SignedRequest): string | undefined {
  const lines = new Map<string, string>();
  for (const component of input[0]) {
    const identifier = serializeItem(component);
    const value = componentOf(request, component);
    if (value === undefined || lines.has(identifier)) return undefined;
    lines.set(identifier, value);
  }
  const covered = [...lines].map(([identifier, value]) => `${identifier}: ${value}\n`);
  return `${covered.join("")}"@signature-params": ${serializeInnerList(input)}`;
}

function componentOf(request: SignedRequest, [name, parameters]: SignatureInput[0][number]): string | undefined {
  if (typeof name !== "string") return undefined;
  if (parameters.size > 0) return memberOf(request, name, parameters);
  return name.startsWith("@") ? derived[name]?.(request) : request.field(name)?.trim();
}

/** One member of a field that is a dictionary (§2.1.2). */
function memberOf(request: SignedRequest, name: string, parameters: SignatureInput[1]): string | undefined {
  const key = parameters.get("key");
  if (parameters.size !== 1 || typeof key !== "string" || name.startsWith("@")) return undefined;
  const member = dictionaryIn(request.field(name)).get(key);
  if (member === undefined) return undefined;
  return Array.isArray(member[0]) ? serializeInnerList(member as InnerList) : serializeItem(member as Item);
}

/** What `created`, `expires`, `keyid`, `nonce` and the like come to (§2.3); their order is that of the table. */
export type SignatureParameters = Readonly<Record<string, string | number | undefined>>;

/** @param components names of fields in lower case, and of {@link derivedComponents}. */
export function toSignatureInput(components: readonly string[], parameters: SignatureParameters): SignatureInput {
  const given = Object.entries(parameters).filter(([, value]) => value !== undefined);
  return [components.map((name) => [name, new Map()]), new Map(given as [string, string | number][])];
}

/** One signature of a message. */
export interface Signed {
  readonly input: SignatureInput;
  readonly signature: Uint8Array<ArrayBuffer>;
}

/** The signatures in `Signature-Input` and `Signature` by their labels (§4); none where a field can't be understood. */
export function parseSignatures(fields: Fields): ReadonlyMap<string, Signed> {
  const signatures = dictionaryOf(fields, "signature");
  const inputs = dictionaryOf(fields, "signature-input");
  return new Map([...inputs].flatMap(([label, input]) => signedBy(label, input, signatures)));
}

type Member = Dictionary extends Map<string, infer M> ? M : never;

function signedBy(label: string, input: Member, signatures: Dictionary): [string, Signed][] {
  const [bytes] = signatures.get(label) ?? [];
  if (!Array.isArray(input[0]) || !(bytes instanceof ArrayBuffer)) return [];
  return [[label, { input: input as InnerList, signature: new Uint8Array(bytes) }]];
}

/**
 * Adds a signature to those that the fields have. What is no dictionary there is left out, because nobody could read ours
 * beside it; so is another one of the same label.
 */
export function addSignature(fields: Fields, label: string, { input, signature }: Signed): void {
  const inputs = dictionaryOf(fields, "signature-input");
  const signatures = dictionaryOf(fields, "signature");
  fields.set("signature-input", serializeDictionary(inputs.set(label, input)));
  fields.set("signature", serializeDictionary(signatures.set(label, [signature, new Map()])));
}

function dictionaryOf(fields: Fields, name: string): Dictionary {
  return dictionaryIn(fields.get(name));
}

/** The dictionary that the value is; empty where it is none. */
function dictionaryIn(value: string | undefined): Dictionary {
  try {
    return parseDictionary(value ?? "");
  } catch {
    return new Map();
  }
}
