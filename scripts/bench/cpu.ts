/** CPU time of a process, from the kernel's own account. */
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";

/** Microseconds of CPU, in user and kernel mode, that the process and its threads have used so far. Linux only. */
export function cpuMicroseconds(pid: number): number {
  return (parseTicks(readFileSync(`/proc/${pid}/stat`, "utf8")) / ticksPerSecond()) * 1e6;
}

/**
 * utime + stime of a line of /proc/PID/stat (proc(5)), in clock ticks. The second member, the program's name in
 * parentheses, may itself hold spaces and parentheses, so counting begins behind the last one.
 */
export function parseTicks(stat: string): number {
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  return Number(fields[11]) + Number(fields[12]);
}

let ticks: number | undefined;

function ticksPerSecond(): number {
  ticks ??= Number(execFileSync("getconf", ["CLK_TCK"], { encoding: "utf8" }));
  return ticks;
}
