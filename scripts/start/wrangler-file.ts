/** Reads what a local run needs of a wrangler.toml. */
import { createHash } from "node:crypto";
import { basename, join, resolve } from "node:path";
import { isTable, readDocument, type Table } from "../check/document.ts";
import { root } from "../project.ts";
import type { RateLimit, Serving } from "./serving.ts";

/** Date and flags that fix the platform's behaviour for the Worker. */
export interface Compatibility {
  readonly date: string;
  readonly flags: readonly string[];
}

/** Of the project's own wrangler.toml, which says what the Worker is written for. */
export function readCompatibility(): Compatibility {
  const { compatibility_date: date, compatibility_flags: flags } = readDocument(join(root, "wrangler.toml"));
  return { date: String(date), flags: Array.isArray(flags) ? flags.map(String) : [] };
}

/** `[vars]`, `[[ratelimits]]`, `[[kv_namespaces]]` and `[[r2_buckets]]` of that file. Throws a DocumentError when it can't be read. */
export function readServing(file: string): Serving {
  const { vars, ratelimits, kv_namespaces: namespaces, r2_buckets: buckets } = readDocument(file);
  return {
    name: file,
    slug: `${basename(file).replaceAll(/\W+/g, "-")}-${digest(resolve(file))}`,
    vars: isTable(vars) ? vars : {},
    rateLimits: Object.fromEntries(tables(ratelimits).map(toRateLimit)),
    kv: tables(namespaces).map(({ binding }) => String(binding)),
    r2: tables(buckets).map(({ binding }) => String(binding)),
    log: "errors",
  };
}

/** Eight hexadecimal digits that differ when the text does. */
export function digest(text: string): string {
  return createHash("sha256").update(text).digest("hex").slice(0, 8);
}

function toRateLimit({ name, simple }: Table): [string, RateLimit] {
  const { limit, period } = isTable(simple) ? simple : {};
  return [String(name), { limit: Number(limit), period: period === 10 ? 10 : 60 }];
}

function tables(value: unknown): Table[] {
  return Array.isArray(value) ? value.filter(isTable) : [];
}
