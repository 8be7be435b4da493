/** Reads what a local run needs of a wrangler.toml. */
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { basename, join, resolve } from "node:path";
import { parse, TomlError } from "smol-toml";
import { root } from "../project.ts";
import type { RateLimit, Serving, Vars } from "./serving.ts";

/** The project's own, which says what the Worker is compiled for. */
const ownFile = join(root, "wrangler.toml");

/** A file that can't be read or isn't TOML; its message says which and why. */
export class WranglerFileError extends Error {
  override readonly name = "WranglerFileError";
}

/** Date and flags that fix the platform's behaviour for the Worker. */
export interface Compatibility {
  readonly date: string;
  readonly flags: readonly string[];
}

export function readCompatibility(): Compatibility {
  const { compatibility_date: date, compatibility_flags: flags } = readToml(ownFile);
  return { date: String(date), flags: tables(flags).map(String) };
}

/** `[vars]`, `[[ratelimits]]` and `[[kv_namespaces]]` of that file. Throws a {@link WranglerFileError}. */
export function readServing(file: string): Serving {
  const toml = readToml(file);
  return {
    vars: isTable(toml["vars"]) ? toml["vars"] : {},
    rateLimits: Object.fromEntries(tables(toml["ratelimits"]).filter(isTable).map(toRateLimit)),
    kv: tables(toml["kv_namespaces"])
      .filter(isTable)
      .map((namespace) => String(namespace["binding"])),
    slug: `${basename(file).replaceAll(/\W+/g, "-")}-${digest(resolve(file))}`,
  };
}

/** Eight hexadecimal digits that differ when the text does. */
export function digest(text: string): string {
  return createHash("sha256").update(text).digest("hex").slice(0, 8);
}

function readToml(file: string): Vars {
  try {
    return parse(readFileSync(file, "utf8"));
  } catch (error) {
    if (error instanceof TomlError) throw new WranglerFileError(`${file} is not valid TOML: ${error.message}`);
    if (isSystemError(error)) throw new WranglerFileError(`${file} can't be read: ${error.message}`);
    throw error;
  }
}

function toRateLimit({ name, simple }: Vars): [string, RateLimit] {
  const { limit, period } = isTable(simple) ? simple : {};
  return [String(name), { limit: Number(limit), period: period === 10 ? 10 : 60 }];
}

function tables(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

function isTable(value: unknown): value is Vars {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function isSystemError(error: unknown): error is NodeJS.ErrnoException {
  return error instanceof Error && "code" in error;
}
