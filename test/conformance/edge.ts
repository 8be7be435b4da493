/** The edge as a user starts it, in front of the origin of the cases. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { root } from "../../scripts/project.ts";

export interface TestedEdge {
  readonly url: string;
  readonly close: () => Promise<void>;
}

/** Resolves once it listens, on a port of its own choice. Rejects when it ends before that. */
export async function startTestedEdge(origin: string): Promise<TestedEdge> {
  const args = [join(root, "scripts/perigee.ts"), "start", "--origin", origin, "--port", "0", "--fresh"];
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
