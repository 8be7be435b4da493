/** How a command that started other processes ends: with all of them. */
import { spawn } from "node:child_process";
import type { Command } from "commander";
import { giveUp } from "./command-error.ts";

/**
 * Makes signals end this process by `process.exit`, whose "exit" event stops what was started. Set it before anything is
 * started, so that this decides the exit code: 0 for SIGTERM, which is how a server is told to stop; 130 for Ctrl-C,
 * which a shell's loop must notice.
 */
export function endProperly(): void {
  process.on("SIGTERM", () => process.exit(0));
  process.on("SIGHUP", () => process.exit(129));
  process.on("SIGINT", () => process.exit(130));
  if (process.env["npm_lifecycle_event"] !== undefined) endWithParent();
}

/** Runs a command that starts others, and ends with all of them when it is done. */
export async function runToEnd(command: Command): Promise<never> {
  endProperly();
  await command.parseAsync().catch((error: unknown) => giveUp(error, command));
  process.exit();
}

/** npm passes a signal on to the shell between it and us, which dies of it without a word. */
function endWithParent(): void {
  const parent = process.ppid;
  setInterval(() => process.ppid === parent || process.exit(0), 100).unref();
}

/**
 * Ends a child when this process is gone, even when that was killed: a shell that reads from us notices, because the pipe
 * closes.
 */
export function killWhenOrphaned(pid: number): void {
  if (process.platform === "win32") return;
  const guard = spawn("sh", ["-c", `trap '' INT HUP; read -r _; kill -9 ${pid} 2>/dev/null`], {
    stdio: ["pipe", "ignore", "ignore"],
  });
  guard.on("error", () => {}); // no shell: then only a killed parent leaves workerd behind
  guard.unref();
}
