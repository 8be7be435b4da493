/** Door of the config room: bindings in, a compiled config or all that is wrong with them out. */
import { compile, type Bound, type Loaded } from "./compile.ts";
import { read } from "./read.ts";

export type { Bound, Loaded } from "./compile.ts";
export type { Problem } from "./problem.ts";
export { bindingSchemas } from "./schema.ts";

/**
 * Reads the config from the bindings ORIGINS, SITES, RULES, EXPERIMENTS, REDIRECTS, LISTS, SETTINGS and BOTS (and their continuations); all others are
 * left alone. Never throws.
 * @param bindings the Worker's `env`, or the `[vars]` of a wrangler.toml.
 * @param bound what else is bound, where that is known; to name what isn't there is a problem.
 */
export function loadConfig(bindings: Readonly<Record<string, unknown>>, bound?: Bound): Loaded {
  return compile(read(bindings), bound);
}
