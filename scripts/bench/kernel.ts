/** What the kernel says of a server: of its process, and of all that it started. Linux only (proc(5)). */
import { execFileSync } from "node:child_process";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";

/** Microseconds of CPU, in user and kernel mode, that the processes and their threads have used so far. */
export function cpuMicroseconds(pid: number): number {
  const ticks = family(pid).map(({ ticks }) => ticks);
  return (sum(ticks) / ticksPerSecond()) * 1e6;
}

/** The same of this process alone, finer than in ticks: for what is over in a few of those. */
export function cpuOfThreads(pid: number): number {
  const threads = readdirSync(`/proc/${pid}/task`);
  // Nanoseconds on a processor come first (Documentation/scheduler/sched-stats).
  return (
    sum(threads.map((thread) => parseInt(readFileSync(`/proc/${pid}/task/${thread}/schedstat`, "utf8"), 10))) / 1e3
  );
}

export interface Memory {
  /** Bytes that are in memory now (RSS). */
  readonly now: number;
  /** The most that there were since {@link forgetPeak}. */
  readonly peak: number;
}

export function readMemory(pid: number): Memory {
  const each = family(pid).map(({ pid }) => parseMemory(readFileSync(`/proc/${pid}/status`, "utf8")));
  return { now: sum(each.map(({ now }) => now)), peak: sum(each.map(({ peak }) => peak)) };
}

/** From now on the peak is counted anew. */
export function forgetPeak(pid: number): void {
  for (const { pid: each } of family(pid)) writeFileSync(`/proc/${each}/clear_refs`, "5");
}

export interface Stat {
  readonly pid: number;
  readonly parent: number;
  /** utime + stime, in clock ticks. */
  readonly ticks: number;
}

/**
 * Of a line of /proc/PID/stat. The second member, the program's name in parentheses, may itself hold spaces and
 * parentheses, so counting begins behind the last one.
 */
export function parseStat(stat: string): Stat {
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  return { pid: parseInt(stat, 10), parent: Number(fields[1]), ticks: Number(fields[11]) + Number(fields[12]) };
}

/** Of /proc/PID/status, whose kB are 1024 bytes. */
export function parseMemory(status: string): Memory {
  const bytes = (name: string): number => Number(new RegExp(`^${name}:\\s+(\\d+) kB$`, "m").exec(status)?.[1]) * 1024;
  return { now: bytes("VmRSS"), peak: bytes("VmHWM") };
}

/** The process, its children, and theirs. */
export function family(pid: number): readonly Stat[] {
  const all = readdirSync("/proc").flatMap((name) => (/^\d+$/.test(name) ? readStat(name) : []));
  const below = (parent: Stat): Stat[] => [parent, ...all.filter((stat) => stat.parent === parent.pid).flatMap(below)];
  return all.filter((stat) => stat.pid === pid).flatMap(below);
}

/** Nothing of one that ended meanwhile. */
function readStat(pid: string): Stat[] {
  try {
    return [parseStat(readFileSync(`/proc/${pid}/stat`, "utf8"))];
  } catch {
    return [];
  }
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

let ticks: number | undefined;

function ticksPerSecond(): number {
  ticks ??= Number(execFileSync("getconf", ["CLK_TCK"], { encoding: "utf8" }));
  return ticks;
}
