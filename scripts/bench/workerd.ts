/** workerd itself, answering on a port of its own: no development server in between. */
import { execFileSync } from "node:child_process";
import type { Readable } from "node:stream";
import { join } from "node:path";
import { root } from "../project.ts";
import { start, untilListening, type Server } from "./children.ts";

/** The binary itself, not a script around it: its CPU is what is measured. */
const workerd = join(root, "node_modules/workerd/bin/workerd");

/** Such as "workerd 2026-10-23". */
export function workerdVersion(): string {
  return execFileSync(workerd, ["--version"], { encoding: "utf8" }).trim();
}

/**
 * Starts it; resolves once it listens. Rejects with what it complained of when it ends instead.
 * @param log where the access log goes. Nowhere where CPU is measured: on the platform it doesn't go through the Worker's
 * own standard output either.
 */
export async function startWorkerd(config: string, log: "ignore" | "pipe" = "ignore"): Promise<Server> {
  const child = start(workerd, ["serve", config, "--control-fd=3"], { stdio: ["ignore", log, "pipe", "pipe"] });
  const port = await untilListening(child, portOf(child.stdio[3] as Readable));
  return { url: `http://127.0.0.1:${port}`, child };
}

/** The socket's port, from the line that workerd writes to its control descriptor; never, when it ends before. */
function portOf(control: Readable): Promise<number> {
  let text = "";
  return new Promise((resolve) => {
    control.setEncoding("utf8").on("data", (chunk: string) => {
      text += chunk;
      const port = /"event":"listen".*"port":(\d+)/.exec(text)?.[1];
      if (port !== undefined) resolve(Number(port));
    });
  });
}
