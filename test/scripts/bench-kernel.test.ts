import { spawn } from "node:child_process";
import { once } from "node:events";
import { expect, test } from "vitest";
import {
  cpuMicroseconds,
  family,
  forgetPeak,
  parseMemory,
  parseSched,
  parseStat,
  readMemory,
  readSched,
} from "../../scripts/bench/kernel.ts";

test("parent and CPU time are found behind a program's name of any kind", () => {
  const rest = "S 7 2 3 4 5 6 7 8 9 10 250 50 0 0 20 0 5 0 100";
  expect(parseStat(`42 (workerd) ${rest}`)).toEqual({ pid: 42, parent: 7, ticks: 300 });
  expect(parseStat(`42 (a) b (c 1 2) ${rest}`)).toEqual({ pid: 42, parent: 7, ticks: 300 });
});

test("memory is read in bytes", () => {
  const status = "Name:\tworkerd\nVmPeak:\t 9999 kB\nVmHWM:\t     200 kB\nVmRSS:\t     100 kB\nRssAnon:\t  50 kB\n";
  expect(parseMemory(status)).toEqual({ now: 102_400, peak: 204_800 });
});

test.runIf(process.platform === "linux")("CPU that is used is counted", () => {
  const before = cpuMicroseconds(process.pid);
  const until = performance.now() + 200;
  while (performance.now() < until);
  expect(cpuMicroseconds(process.pid) - before).toBeGreaterThan(20_000);
});

test.runIf(process.platform === "linux")("what a child and its child use is counted, too", async () => {
  const shell = spawn("sh", ["-c", "sh -c 'echo $$; read line'; exit 0"], { stdio: ["pipe", "pipe", "ignore"] });
  try {
    const [line] = await once(shell.stdout, "data");
    const grandchild = Number(String(line));
    const pids = family(shell.pid!).map(({ pid }) => pid);
    expect(pids[0]).toBe(shell.pid);
    expect(pids).toContain(grandchild);
    expect(pids).not.toContain(process.pid);
  } finally {
    shell.stdin.end();
    await once(shell, "exit");
  }
});

test.runIf(process.platform === "linux")("a peak is seen after it is over, until it is forgotten", async () => {
  const child = spawn(process.execPath, ["-e", hog], { stdio: ["pipe", "pipe", "ignore"] });
  const said = async (): Promise<string> => String((await once(child.stdout, "data"))[0]).trim();
  try {
    expect(await said()).toBe("ready");
    forgetPeak(child.pid!);
    const before = readMemory(child.pid!).now;
    child.stdin.write("go\n");
    expect(await said()).toBe("over");
    expect(readMemory(child.pid!).peak - before).toBeGreaterThan(48 * 2 ** 20);
    forgetPeak(child.pid!);
    const { now, peak } = readMemory(child.pid!);
    expect(peak - now).toBeLessThan(16 * 2 ** 20);
  } finally {
    child.kill();
    await once(child, "exit");
  }
});

/** Takes 64 MB, all of it in use. */
const hog = `
  process.stdin.once("data", () => {
    Buffer.alloc(64 * 2 ** 20, 1);
    console.log("over");
  });
  console.log("ready");
`;

test("what a process ran and waited is in nanoseconds there, in microseconds here", () => {
  expect(parseSched("772043915 257992 2\n")).toEqual({ ran: 772_043.915, waited: 257.992 });
  const before = readSched(process.pid).ran;
  for (const until = performance.now() + 20; performance.now() < until;);
  expect(readSched(process.pid).ran).toBeGreaterThan(before + 1_000);
});
