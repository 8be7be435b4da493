/** Caches that people install instead: started by the bench, on a free port, and ended with it. Never a system service. */
import { spawnSync, type ChildProcess } from "node:child_process";
import { connect } from "node:net";
import { delimiter } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { findPort } from "../../start/port.ts";
import { start, untilListening, type Server } from "../children.ts";

/** Where servers are installed, which is on the path of administrators only. */
const env = { ...process.env, PATH: [process.env["PATH"], "/usr/local/sbin", "/usr/sbin"].join(delimiter) };

/** The first line that it prints of its version, such as "nginx version: nginx/1.22.1"; undefined when it isn't installed. */
export function versionOf(command: string, option: string): string | undefined {
  const { error, stdout, stderr } = spawnSync(command, [option], { encoding: "utf8", env });
  return error ? undefined : (stderr + stdout).trim().split("\n")[0];
}

/**
 * Starts it on a free port, with what `argumentsFor` gives for that; resolves once it listens. Rejects with what it
 * complained of when it ends instead.
 */
export async function startProgram(
  command: string,
  argumentsFor: (port: number) => readonly string[],
): Promise<Server> {
  const port = await findPort(0);
  const child = start(command, argumentsFor(port), { stdio: ["ignore", "ignore", "pipe"], env, detached: true });
  await untilListening(child, untilReached(port, child));
  return { url: `http://127.0.0.1:${port}`, child };
}

async function untilReached(port: number, child: ChildProcess): Promise<void> {
  while (child.exitCode === null && !(await isReached(port))) await sleep(20);
}

function isReached(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, "127.0.0.1", () => {
      socket.destroy();
      resolve(true);
    });
    socket.once("error", () => resolve(false));
  });
}
