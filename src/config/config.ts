/** Door of the config room: bindings in, a compiled config or all that is wrong with them out. */
import { compile, type Loaded } from "./compile.ts";
import { read } from "./read.ts";

export type { Loaded } from "./compile.ts";
export type { Problem } from "./problem.ts";
export { bindingSchemas } from "./schema.ts";

/**
 * Reads the config from the bindings ORIGINS, SITES, RULES, LISTS and SETTINGS (and their continuations); all others are
 * left alone. Never throws.
 * @param bindings the Worker's `env`, or the `[vars]` of a wrangler.toml.
 * @param limiters the names of the rate-limit bindings; a rule that names another is a problem. Leave it out when it
 *   isn't known which there are.
 */
export function loadConfig(bindings: Readonly<Record<string, unknown>>, limiters?: readonly string[]): Loaded {
  return compile(read(bindings), limiters);
}
