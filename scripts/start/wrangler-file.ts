/** Reads what a local run needs of a wrangler.toml. */
import { createHash } from "node:crypto";
import { basename, join, resolve } from "node:path";
import { bindingsOf, fetchersIn, tables } from "../check/bindings.ts";
import { isTable, readDocument, type Table } from "../check/document.ts";
import { root } from "../project.ts";
import type { RateLimit, Serving } from "./serving.ts";
import { parseWays } from "./via-option.ts";

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

/**
 * `[vars]`, `[[ratelimits]]`, `[[kv_namespaces]]`, `[[r2_buckets]]`, and the bindings by which origins are asked, of that file.
 * @param via all `--via`: where those bindings lead here.
 * @throws DocumentError when it can't be read; StartError when it has no such binding.
 */
export function readServing(file: string, via: readonly string[] = []): Serving {
  const document = readDocument(file);
  const { vars, ratelimits, kv_namespaces: namespaces, r2_buckets: buckets } = document;
  return {
    name: file,
    slug: `${basename(file).replaceAll(/\W+/g, "-")}-${digest(resolve(file))}`,
    vars: isTable(vars) ? vars : {},
    rateLimits: Object.fromEntries(tables(ratelimits).map(toRateLimit)),
    kv: bindingsOf(namespaces),
    r2: bindingsOf(buckets),
    ways: parseWays(via, fetchersIn(document)),
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
