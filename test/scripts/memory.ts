/** How much memory an edge takes while something goes on. */
import { readFileSync } from "node:fs";
import { onTestFinished } from "vitest";
import { workerdOf, type Cli } from "./cli.ts";

/**
 * Bytes that a process may grow by whatever passes through scripts: the engine collects the buffers that they made when there are
 * some 64 MB of them, and not before. A body of 1 GB that is kept shows all the same.
 */
export const uncollected = 96 * 2 ** 20;

/** Watches workerd's memory from now on; the result stops it and tells by how many bytes it grew at most. */
export function watchMemory(edge: Cli): () => number {
  const pid = workerdOf(edge);
  const before = residentBytes(pid);
  let most = before;
  const look = (): void => void (most = Math.max(most, residentBytes(pid)));
  const timer = setInterval(look, 50);
  onTestFinished(() => clearInterval(timer));
  return () => {
    look();
    return most - before;
  };
}

/** Bytes of memory that a process holds. */
function residentBytes(pid: number): number {
  return Number(/VmRSS:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, "utf8"))![1]) * 1024;
}
