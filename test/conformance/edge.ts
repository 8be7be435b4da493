/** The edge as a user starts it, in front of the origin of the cases. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { root } from "../../scripts/project.ts";

export interface TestedEdge {
  readonly url: string;
  readonly close: () => Promise<void>;
}

/** The edge under the default settings. */
export async function startTestedEdge(origin: string): Promise<TestedEdge> {
  return start("--origin", origin);
}

/** The edge with a site that has this `cache`, in TOML. */
export async function startSetEdge(origin: string, cache: string): Promise<TestedEdge> {
  const folder = mkdtempSync(join(tmpdir(), "perigee-conformance-"));
  const config = join(folder, "wrangler.toml");
  const site = `{ hosts = ["*"], origins = ["origin"], cache = ${cache} }`;
  writeFileSync(config, `[vars]\nORIGINS = [{ name = "origin", url = "${origin}" }]\nSITES = [${site}]\n`);
  try {
    return await start("--config", config);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** Resolves once it listens, on a port of its own choice. Rejects when it ends before that. */
async function start(...serving: readonly string[]): Promise<TestedEdge> {
  const args = [join(root, "scripts/perigee.ts"), "start", ...serving, "--port", "0", "--fresh"];
  const edge = spawn(process.execPath, args, { cwd: root, stdio: ["ignore", "pipe", "inherit"] });
  const ended = once(edge, "exit");
  let url: string | undefined;
  for await (const line of createInterface({ input: edge.stdout })) {
    url ??= /http:\/\/127\.0\.0\.1:\d+/.exec(line)?.[0];
    if (/Ctrl-C stops/.test(line)) break;
  }
  if (url === undefined || edge.exitCode !== null) throw new Error("the edge did not start");
  edge.stdout.resume();
  return { url, close: async () => void (edge.kill("SIGTERM"), await ended) };
}
