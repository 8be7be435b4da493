/** The processes that the bench starts. They end with it, however it ends. */
import { fork, spawn, type ChildProcess, type SpawnOptions } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { BenchError } from "./bench-error.ts";

/** With the number that ends each of them: its own, or, negative, that of a group with the processes it started. */
const running = new Map<ChildProcess, number>();

process.on("exit", () => {
  for (const pid of running.values()) {
    try {
      process.kill(pid, "SIGKILL");
    } catch {
      // It ended meanwhile.
    }
  }
});

/** With `detached`, it and all that it starts are a group. */
export function start(command: string, args: readonly string[], options: SpawnOptions): ChildProcess {
  const child = spawn(command, args, options);
  return watched(child, options.detached ? -child.pid! : child.pid!);
}

/** Starts a script of ours, with an IPC channel. */
export function startNode(file: string, args: readonly string[] = []): ChildProcess {
  const child = fork(file, args, { stdio: ["ignore", "ignore", "inherit", "ipc"] });
  return watched(child, child.pid!);
}

/** Resolves when it has ended. */
export async function stop(child: ChildProcess): Promise<void> {
  if (!running.has(child)) return;
  const ended = once(child, "exit");
  child.kill("SIGTERM");
  await ended;
}

/** What answers on a URL. */
export interface Server {
  readonly url: string;
  readonly child: ChildProcess;
}

/** Resolves to what `listening` does; rejects with what the child complained of when it ends before. */
export async function untilListening<T>(child: ChildProcess, listening: Promise<T>): Promise<T> {
  const complaints: string[] = [];
  child
    .stderr!.setEncoding("utf8")
    .on("data", (text: string) => void (complaints.length < 20 && complaints.push(text)));
  // "close" comes after the last of what it complained of.
  const ended = once(child, "close").then(([code]) => {
    throw new BenchError(`${child.spawnfile} ended with code ${code} before it listened:\n${complaints.join("")}`);
  });
  ended.catch(() => undefined);
  return Promise.race([listening, ended]);
}

export interface Origin extends Server {
  /** How many objects it has been asked for so far. */
  readonly asked: () => Promise<number>;
}

export async function startOrigin(): Promise<Origin> {
  const child = startNode(join(import.meta.dirname, "origin.ts"));
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

function watched(child: ChildProcess, pid: number): ChildProcess {
  running.set(child, pid);
  const forget = (): void => void running.delete(child);
  return child.once("exit", forget).once("error", forget);
}
