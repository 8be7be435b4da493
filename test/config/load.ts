import { loadConfig, type Bound, type Problem } from "../../src/config/config.ts";
import type { Config } from "../../src/config/model.ts";

export const origins = [
  { name: "frankfurt", url: "https://fra.origin.example.com/base/", at: [50.11, 8.68] },
  { name: "virginia", url: "http://virginia.example.com:8080", at: "US" },
];
const sites = [{ hosts: ["www.example.com"] }];

/** The smallest config that is right, with other bindings over it. */
export function bindingsWith(others: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return { ORIGINS: origins, SITES: sites, ...others };
}

export function configOf(others: Readonly<Record<string, unknown>> = {}): Config {
  const loaded = loadConfig(bindingsWith(others));
  if (loaded.kind === "problems") throw new Error(JSON.stringify(loaded.problems, undefined, 2));
  return loaded.config;
}

export function problemsOf(others: Readonly<Record<string, unknown>>, bound?: Bound): readonly Problem[] {
  const loaded = loadConfig(bindingsWith(others), bound);
  return loaded.kind === "problems" ? loaded.problems : [];
}

/** One problem a line, as "at: says". */
export function linesOf(others: Readonly<Record<string, unknown>>): string[] {
  return problemsOf(others).map(({ at, says }) => `${at}: ${says}`);
}
