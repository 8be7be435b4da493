import { execFileSync, spawn } from "node:child_process";
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { root } from "../../scripts/project.ts";

/** A project with one package, which lies beside it: npm needs no network for it. */
let project: string;
beforeEach(() => {
  project = mkdtempSync(join(tmpdir(), "perigee-install-"));
  mkdirSync(join(project, "scripts"));
  cpSync(join(root, "scripts/install.mjs"), join(project, "scripts/install.mjs"));
  write("one/package.json", { name: "one", version: "1.0.0" });
  write("package.json", { name: "project", version: "1.0.0", devDependencies: { one: "file:one" } });
  execFileSync("npm", ["install", "--package-lock-only", "--no-audit", "--offline"], { cwd: project, stdio: "ignore" });
});
afterEach(() => rmSync(project, { recursive: true, force: true }));

test("a fresh clone is installed, with one line that says so", async () => {
  expect(await install()).toEqual({ code: 0, output: expect.stringMatching(/^Installing .*\n$/) });
  expect(existsSync(join(project, "node_modules/one/package.json"))).toBe(true);
});

test("what is up to date is left alone, without a word and at once", async () => {
  await install();
  const start = performance.now();
  expect(await install()).toEqual({ code: 0, output: "" });
  expect(performance.now() - start).toBeLessThan(1000);
});

test("what is out of date is installed again", async () => {
  await install();
  const lock = read("node_modules/.package-lock.json");
  write("node_modules/.package-lock.json", { ...lock, packages: {} });
  expect((await install()).output).toMatch(/^Installing/);
  expect(await install()).toEqual({ code: 0, output: "" });
});

test("devDependencies are installed even where everything else leaves them out", async () => {
  expect((await install({ NODE_ENV: "production", npm_config_omit: "dev" })).code).toBe(0);
  expect(existsSync(join(project, "node_modules/one"))).toBe(true);
});

test("of several starts at once one installs, and the others wait for it", async () => {
  const all = await Promise.all([install(), install(), install(), install()]);
  expect(all.map(({ code }) => code)).toEqual([0, 0, 0, 0]);
  expect(all.filter(({ output }) => output.includes("Installing"))).toHaveLength(1);
  expect(existsSync(join(project, "node_modules/one"))).toBe(true);
});

test("a start that was killed while it installed is in nobody's way", async () => {
  const { pid } = spawn("true");
  await new Promise((resolve) => setTimeout(resolve, 200));
  mkdirSync(join(project, ".perigee"));
  writeFileSync(join(project, ".perigee/installing"), String(pid));
  expect((await install()).code).toBe(0);
  expect(existsSync(join(project, "node_modules/one"))).toBe(true);
});

test("when npm fails, its output is shown and nothing goes on", async () => {
  write("package.json", { ...read("package.json"), devDependencies: { one: "file:one", two: "file:two" } });
  const { code, output } = await install();
  expect(code).toBe(1);
  expect(output).toContain("two");
  expect(output).toContain("npm ci failed");
  expect(existsSync(join(project, ".perigee/installing"))).toBe(false);
});

/** Runs the script as npm would before `npm start`. */
function install(env: Readonly<Record<string, string>> = {}): Promise<{ code: number | null; output: string }> {
  const child = spawn(process.execPath, ["scripts/install.mjs"], { cwd: project, env: { ...process.env, ...env } });
  let output = "";
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding("utf8").on("data", (text: string) => (output += text));
  return new Promise((resolve) => child.on("close", (code) => resolve({ code, output })));
}

function read(file: string): Record<string, unknown> {
  return JSON.parse(readFileSync(join(project, file), "utf8")) as Record<string, unknown>;
}

function write(file: string, content: object): void {
  mkdirSync(join(project, file, ".."), { recursive: true });
  writeFileSync(join(project, file), JSON.stringify(content));
}
