/** The command line as its user has it: a process with an output, a group, and an end. */
import { spawn, type ChildProcess } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { root } from "../../scripts/project.ts";

/** What a start prints last. */
const ready = /Ctrl-C stops/;

export interface Cli {
  readonly child: ChildProcess;
  /** All that it has written so far, errors too. */
  readonly output: () => string;
  /** Resolves to its exit code; rejects when a signal ended it instead. */
  readonly exit: Promise<number | null>;
}

export interface StartedCli extends Cli {
  /** The edge's address. */
  readonly url: string;
}

/** Runs it in a process group of its own, as a terminal does. */
export function runCli(...args: readonly string[]): Cli {
  return run(process.execPath, [join(root, "scripts/perigee.ts"), ...args]);
}

/** Runs that command in the project, in a process group of its own. */
export function run(command: string, args: readonly string[]): Cli {
  const child = spawn(command, args, { cwd: root, detached: true, stdio: ["ignore", "pipe", "pipe"] });
  let text = "";
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding("utf8").on("data", (more: string) => (text += more));
  const exit = new Promise<number | null>((resolve, reject) => {
    child.on("error", reject);
    child.on("close", resolve);
  });
  return { child, exit, output: () => text };
}

/** Waits until it serves. Rejects with its output when it ends before. */
export async function untilReady(cli: Cli): Promise<StartedCli> {
  await waitFor(() => ready.test(cli.output()) || cli.child.exitCode !== null, cli.output);
  const [url] = /http:\/\/127\.0\.0\.1:\d+/.exec(cli.output()) ?? [];
  if (cli.child.exitCode !== null || url === undefined) throw new Error(`it did not start:\n${cli.output()}`);
  return { ...cli, url };
}

/** `perigee start` on a free port. */
export function start(...args: readonly string[]): Promise<StartedCli> {
  return untilReady(runCli("start", "--port", "0", ...args));
}

/** Ends it and all that it started, for after a test. */
export async function end({ child, exit }: Cli): Promise<void> {
  if (child.exitCode === null && child.signalCode === null) child.kill("SIGTERM");
  await exit;
  for (const pid of groupOf(child)) process.kill(pid, "SIGKILL");
}

/** Pids that are left in its group, without those that have ended and only wait to be counted. */
export function groupOf({ pid }: ChildProcess): number[] {
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .filter((name) => {
      const [state, , group] = readStat(name);
      return group === String(pid) && state !== "Z" && state !== "X";
    })
    .map(Number);
}

/** The fields of /proc/PID/stat from the third on: what comes before may hold spaces. */
function readStat(pid: string): string[] {
  try {
    return readFileSync(`/proc/${pid}/stat`, "utf8")
      .replace(/^.*\) /s, "")
      .split(" ");
  } catch {
    return []; // it has just ended
  }
}

/** Pid of the workerd in its group. */
export function workerdOf({ output }: Cli): number {
  return Number(/workerd,?\s+pid (\d+)/.exec(output())![1]);
}

/** Looks again and again, for at most half a minute. */
export async function waitFor(holds: () => boolean, explain: () => string): Promise<void> {
  for (const limit = Date.now() + 30_000; !holds(); await pause(50)) {
    if (Date.now() > limit) throw new Error(`waited in vain:\n${explain()}`);
  }
}
