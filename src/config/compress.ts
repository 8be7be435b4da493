/** How answers are compressed, as requests need it. */
import type { CompressInput, CompressRuleInput } from "./schema/compress.ts";

/** The codings that the edge makes (RFC 9110 §8.4.1, RFC 8878, RFC 7932). */
export type Coding = "zstd" | "br" | "gzip";

/**
 * How much work a coding may take: little while a client waits, and for what is stored the most that the budget allows
 * ("best"); always little ("fast"); or that level, whoever waits.
 */
export type Level = "best" | "fast" | number;

/** What a rule may say, too. */
export interface Compressing {
  readonly enabled: boolean;
  /** Those that are made; where a client likes several equally, the first. Undefined: all of them, each for what it is best at. */
  readonly codings: readonly Coding[] | undefined;
  readonly levels: Readonly<Record<Coding, Level>>;
  /** Keep the coded form of a stored answer beside it. */
  readonly store: boolean;
}

/** All sizes in bytes. */
export interface Compression extends Compressing {
  /** Smaller bodies are left alone. */
  readonly minimum: number;
  /** Media types in lower case, as `isOfType` has them. */
  readonly types: readonly string[];
  /** Milliseconds of CPU that making a form to be stored may take. */
  readonly budget: number;
  /** Hits of an isolate on an answer from which on a form of it is made to be stored. */
  readonly after: number;
  /** Of larger bodies no form is stored. */
  readonly largest: number;
}

/** What one rule says of it: only that. */
export type CompressRule = Partial<Omit<Compressing, "levels">> & { readonly levels?: Partial<Compressing["levels"]> };

export function toCompression({ levels, codings, ...rest }: CompressInput): Compression {
  return { ...rest, codings, levels: { zstd: "best", br: "best", gzip: "best", ...levels } };
}

export function toCompressRule(input: CompressRuleInput): CompressRule {
  return typeof input === "boolean" ? { enabled: input } : { enabled: true, ...input };
}
