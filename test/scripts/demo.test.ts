import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { afterAll, beforeAll, expect, test } from "vitest";
import { end, start, type StartedCli } from "./cli.ts";

const shell = promisify(execFile);

/** What each printed example promises → how its command's output keeps it. */
const promises: readonly (readonly [shows: RegExp, keeps: (output: string) => void])[] = [
  [/^Berlin is served by frankfurt/, (output) => expectServedBy("frankfurt", output)],
  [/^Tokyo is served by singapore/, (output) => expectServedBy("singapore", output)],
  [/^A cache miss, then a hit/, expectMissThenHit],
  [/\/admin/, expectBlocked],
  [/crawler/, expectBlocked],
  [/compressed/, expectCompressed],
  [/^frankfurt dies/, (output) => expectServedBy("virginia", output)],
];

let demo: StartedCli;
beforeAll(async () => {
  demo = await start();
});
afterAll(() => end(demo));

test("it says what runs where, and all of that runs", async () => {
  const rows = [...demo.output().matchAll(/^ {2}(\w+) +(http\S+) .* pid (\d+)$/gm)];
  expect(rows.map(([, name]) => name)).toEqual(["edge", "frankfurt", "virginia", "singapore"]);
  for (const [, name, url, pid] of rows) {
    expect(() => process.kill(Number(pid), 0)).not.toThrow();
    const answer = await (await fetch(`${url}/echo`)).text();
    expect(answer).toContain(name === "edge" ? '"origin"' : `"origin": "${name}"`);
  }
});

test("every printed line shows what it promises", async () => {
  const examples = [...demo.output().matchAll(/^ {2}# (.+)\n {2}(.+)$/gm)].map(
    ([, shows, line]) => [shows!, line!] as const,
  );
  expect(examples).toHaveLength(promises.length);
  for (const [index, [shows, line]] of examples.entries()) {
    const [promise, keeps] = promises[index]!;
    expect(shows).toMatch(promise);
    const { stdout } = await shell("bash", ["-c", line]);
    keeps(stdout);
  }
});

test("Berlin stays with the next nearest, and nobody waits for the dead one", async () => {
  const headers = { "cf-iplatitude": "52.52", "cf-iplongitude": "13.40" };
  const start = Date.now();
  const answers = await Promise.all(Array.from({ length: 20 }, () => fetch(`${demo.url}/echo`, { headers })));
  expect(answers.map(({ status }) => status)).toEqual(Array(20).fill(200));
  for (const answer of answers) expect(await answer.json()).toMatchObject({ origin: "virginia" });
  expect(Date.now() - start).toBeLessThan(5000);
});

test("it says that the origin has ended", () => {
  expect(demo.output()).toMatch(/frankfurt \(pid \d+\) has ended/);
});

function expectServedBy(origin: string, output: string): void {
  expect(output).toMatch(/^HTTP\/1.1 200 /);
  expect(output).toContain(`"origin": "${origin}"`);
  expect(output).toMatch(new RegExp(`^perigee-trail: .*origin=\\S*${origin}\\r$`, "m"));
}

function expectMissThenHit(output: string): void {
  const [miss, hit, ...others] = output.match(/^cache-status: .*$/gm) ?? [];
  expect(miss).toMatch(/fwd=\S*miss/);
  expect(hit).toMatch(/hit/);
  expect(others).toEqual([]);
}

function expectBlocked(output: string): void {
  expect(output).toMatch(/^HTTP\/1.1 403 /);
  expect(output).toContain("blocked-by-rule");
}

function expectCompressed(output: string): void {
  const [plain, compressed] = [...output.matchAll(/^(\d+) bytes/gm)].map(([, size]) => Number(size));
  expect(plain).toBeGreaterThan(28_000);
  expect(compressed).toBeGreaterThan(100);
  expect(compressed).toBeLessThan(plain! / 4);
}
