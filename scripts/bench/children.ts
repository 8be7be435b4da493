/** The processes that the bench starts. They end with it, however it ends. */
import { fork, spawn, type ChildProcess, type SpawnOptions } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { BenchError } from "./bench-error.ts";

const running = new Set<ChildProcess>();

process.on("exit", () => {
  for (const child of running) child.kill("SIGKILL");
});

export function start(command: string, args: readonly string[], options: SpawnOptions): ChildProcess {
  return watched(spawn(command, args, options));
}

/** Resolves when it has ended. */
export async function stop(child: ChildProcess): Promise<void> {
  if (!running.has(child)) return;
  const ended = once(child, "exit");
  child.kill("SIGTERM");
  await ended;
}

export interface Origin {
  readonly url: string;
  /** How many objects it has been asked for so far. */
  readonly asked: () => Promise<number>;
  readonly child: ChildProcess;
}

export async function startOrigin(): Promise<Origin> {
  const child = watched(
    fork(join(import.meta.dirname, "origin.ts"), { stdio: ["ignore", "ignore", "inherit", "ipc"] }),
  );
  const port = await answer(child);
  const asked = (): Promise<number> => {
    child.send("asked");
    return answer(child);
  };
  return { url: `http://127.0.0.1:${port}`, asked, child };
}

/** The next number it sends. */
async function answer(child: ChildProcess): Promise<number> {
  const ended = new AbortController();
  const onExit = (): void => ended.abort();
  child.once("exit", onExit);
  try {
    const [message] = await once(child, "message", { signal: ended.signal });
    return Number(message);
  } catch (cause) {
    throw new BenchError("the origin ended unexpectedly", { cause });
  } finally {
    child.off("exit", onExit);
  }
}

function watched(child: ChildProcess): ChildProcess {
  running.add(child);
  const forget = (): void => void running.delete(child);
  return child.once("exit", forget).once("error", forget);
}
