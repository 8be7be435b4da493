/** What the kernel says of a server: of its process, and of all that it started. Linux only (proc(5)). */
import { execFileSync } from "node:child_process";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";

/** Microseconds of CPU, in user and kernel mode, that the processes and their threads have used so far. */
export function cpuMicroseconds(pid: number): number {
  const ticks = family(pid).map(({ ticks }) => ticks);
  return (sum(ticks) / ticksPerSecond()) * 1e6;
}

/** Microseconds of one process, over all its threads, so far. */
export interface Sched {
  /** On a processor: finer than in ticks, for what is over in a few of those. */
  readonly ran: number;
  /** Ready to run, while others had the processors. */
  readonly waited: number;
}

export function readSched(pid: number): Sched {
  const threads = readdirSync(`/proc/${pid}/task`).map((thread) => `/proc/${pid}/task/${thread}/schedstat`);
  const each = threads.map((file) => parseSched(readFileSync(file, "utf8")));
  return { ran: sum(each.map(({ ran }) => ran)), waited: sum(each.map(({ waited }) => waited)) };
}

/** Microseconds that the process, its children, and theirs have been on a processor so far. */
export function familyRan(pid: number): number {
  return sum(family(pid).map((each) => readSched(each.pid).ran));
}

/** Of /proc/PID/schedstat: nanoseconds on a processor, nanoseconds waiting for one, and times that it got one. */
export function parseSched(schedstat: string): Sched {
  const [ran = 0, waited = 0] = schedstat.split(" ").map(Number);
  return { ran: ran / 1e3, waited: waited / 1e3 };
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
