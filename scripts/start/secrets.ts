/** The secrets of a local run, which stand in no config. */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parseEnv } from "node:util";
import type { Serving } from "./serving.ts";

/** The operator's, which the commands that order something of an edge read from the environment, too. */
const token = "ADMIN_TOKEN";

/** With those in that directory's `.dev.vars`, where wrangler has them too, and the operator's token when the environment has one. */
export function withSecrets(serving: Serving, directory: string, env = process.env): Serving {
  const file = join(directory, ".dev.vars");
  const secrets = existsSync(file) ? parseEnv(readFileSync(file, "utf8")) : {};
  const ordering = env[token] ? { [token]: env[token] } : {};
  return { ...serving, vars: { ...serving.vars, ...secrets, ...ordering } };
}
