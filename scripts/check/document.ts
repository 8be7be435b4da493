/** A config file of wrangler's, or a config document, as plain values. */
import { readFileSync } from "node:fs";
import { extname } from "node:path";
import { transformSync, type TransformFailure } from "esbuild";
import { parse, TomlError } from "smol-toml";
import { CommandError } from "../command-error.ts";

/** A table of a config file. */
export type Table = Readonly<Record<string, unknown>>;

/** A file that can't be read or understood; the message says which and where. */
export class DocumentError extends CommandError {
  override readonly name = "DocumentError";
}

/**
 * The file's top-level table: of JSON with comments and trailing commas when its name ends in .json or .jsonc, of TOML
 * otherwise.
 * @throws DocumentError
 */
export function readDocument(file: string): Table {
  const text = readText(file);
  const document: unknown = /^\.jsonc?$/i.test(extname(file)) ? parseJson(file, text) : parseToml(file, text);
  if (!isTable(document))
    throw new DocumentError(`${file} holds no table, but ${JSON.stringify(document)?.slice(0, 40)}.`);
  return document;
}

export function isTable(value: unknown): value is Table {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function readText(file: string): string {
  try {
    return readFileSync(file, "utf8").replace(/^\uFEFF/, "");
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    const known: Readonly<Record<string, string>> = {
      ENOENT: "There is no such file",
      EISDIR: "It is a directory",
      EACCES: "It may not be read",
    };
    throw new DocumentError(`${file} can't be read. ${(code !== undefined && known[code]) || message}.`);
  }
}

function parseToml(file: string, text: string): unknown {
  try {
    return parse(text);
  } catch (error) {
    if (!(error instanceof TomlError)) throw error;
    const [summary] = error.message.split("\n");
    const reason = summary!.replace(/^Invalid TOML document: /, "");
    throw new DocumentError(
      `${file}:${error.line}:${error.column} is not TOML: ${reason}\n\n${error.codeblock.trimEnd()}`,
    );
  }
}

/** A string, which stays; or a comment, or a comma before a closing bracket. */
const extras = /("(?:\\.|[^"\\\n])*")|\/\/[^\n]*|\/\*[^]*?\*\/|,(?=(?:\s|\/\/[^\n]*|\/\*[^]*?\*\/)*[\]}])/g;

function parseJson(file: string, text: string): unknown {
  // Blanked out and not removed, so that positions stay true.
  const plain = text.replaceAll(extras, (match, string?: string) => string ?? match.replaceAll(/[^\n]/g, " "));
  try {
    return JSON.parse(plain);
  } catch (error) {
    throw new DocumentError(`${file}${locate(plain) ?? `: ${(error as Error).message}`}`);
  }
}

/** Where and why it isn't JSON. The runtime's own parser leaves out the place of most mistakes. */
function locate(json: string): string | undefined {
  try {
    transformSync(json, { loader: "json", logLevel: "silent" });
    return undefined;
  } catch (error) {
    const [first] = (error as TransformFailure).errors;
    if (!first?.location) return undefined;
    const { line, column, lineText } = first.location;
    const frame = `${line}:  ${lineText}\n${" ".repeat(String(line).length + 3 + column)}^`;
    return `:${line}:${column + 1} is not JSON: ${first.text}\n\n${frame}`;
  }
}
