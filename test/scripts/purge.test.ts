import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { afterAll, beforeAll, expect, onTestFinished, test } from "vitest";
import { root } from "../../scripts/project.ts";
import { end, run, runCli, start, untilReady, type Cli, type StartedCli } from "./cli.ts";

/** An origin that counts what reaches it, and says so in what it answers. */
let server: Server;
let requests = 0;
let edge: StartedCli;
const directory = mkdtempSync(join(tmpdir(), "perigee-test-"));

beforeAll(async () => {
  server = createServer((_, response) => {
    requests += 1;
    response.writeHead(200, { "cache-control": "max-age=3600", "cache-tag": "news" }).end(String(requests));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const file = join(directory, "wrangler.toml");
  writeFileSync(
    file,
    `[vars]
    ADMIN_TOKEN = "the-right-token"
    ORIGINS = [{ name = "only", url = "http://127.0.0.1:${(server.address() as AddressInfo).port}" }]
    SITES = [{ hosts = ["*"], name = "main" }]`,
  );
  edge = await start("--config", file);
});
afterAll(async () => {
  await end(edge);
  server.close();
  rmSync(directory, { recursive: true });
});

/** Runs it to its end, with that token in TOKEN. */
async function purge(token: string, ...args: readonly string[]) {
  const cli: Cli = run("env", [
    `TOKEN=${token}`,
    process.execPath,
    join(root, "scripts/perigee.ts"),
    ...["purge", "--token-env", "TOKEN", ...args],
  ]);
  return { code: await cli.exit, output: cli.output() };
}

/** What a visit gets, after its answer was stored. */
async function see(path: string): Promise<string> {
  const text = await (await fetch(edge.url + path)).text();
  await pause(300);
  return text;
}

test.each<[what: string, args: (url: string) => readonly string[], says: string]>([
  ["a URL", (url) => ["--url", `${url}/page`], "/page"],
  ["a tag", () => ["--tag", "news", "--tag", "other"], "tag other"],
  ["a prefix, softly", (url) => ["--prefix", url, "--soft"], "Counts as stale now"],
  ["a site", () => ["--site", "main"], "site main"],
  ["everything", () => ["--everything"], "everything"],
])("purges by %s, and says how far and how soon", async (_, args, says) => {
  const before = await see("/page");
  expect(await see("/page")).toBe(before);
  const { code, output } = await purge("the-right-token", "--edge", edge.url, ...args(edge.url));
  expect(output).toContain(says);
  expect(output).toContain("It holds everywhere within 80 seconds.");
  expect(code).toBe(0);
  const after = await see("/page");
  expect(after).not.toBe(before);
  expect(await see("/page")).toBe(after);
});

test.each<[what: string, token: string, args: (url: string) => readonly string[], says: RegExp]>([
  ["a wrong token", "another-token", (url) => ["--edge", url, "--everything"], /doesn't know this token/],
  ["no token", "", (url) => ["--edge", url, "--everything"], /variable TOKEN holds no token/],
  ["nothing to purge", "the-right-token", (url) => ["--edge", url], /Say what to purge/],
  ["no edge", "the-right-token", () => ["--everything"], /--edge/],
  ["an edge that is no URL", "the-right-token", () => ["--edge", "here", "--everything"], /no URL such as/],
  ["an edge that isn't there", "the-right-token", () => ["--edge", "http://127.0.0.1:1", "--everything"], /reached/],
  ["a site that isn't there", "the-right-token", (url) => ["--edge", url, "--site", "mian"], /sites are "main"/],
  ["what is no URL", "the-right-token", (url) => ["--edge", url, "--url", "/page"], /urls\[0\]: It is no URL/],
])("says so when it is given %s, and purges nothing", async (_, token, args, says) => {
  const before = await see("/kept");
  const { code, output } = await purge(token, ...args(edge.url));
  expect(code).toBe(1);
  expect(output).toMatch(says);
  expect(output).not.toMatch(/the-right-token|another-token|\n {4}at /);
  expect(await see("/kept")).toBe(before);
});

test("an edge that is started with --origin takes the token from the environment", async () => {
  const { port } = server.address() as AddressInfo;
  const args = ["start", "--port", "0", "--origin", `http://127.0.0.1:${port}`];
  const cli = run("env", ["ADMIN_TOKEN=its-own-token", process.execPath, join(root, "scripts/perigee.ts"), ...args]);
  onTestFinished(() => end(cli));
  const { url } = await untilReady(cli);
  expect((await purge("its-own-token", "--edge", url, "--everything")).code).toBe(0);
  expect((await purge("the-right-token", "--edge", url, "--everything")).code).toBe(1);
});

test("--help tells how, with examples", async () => {
  const cli = runCli("purge", "--help");
  expect(await cli.exit).toBe(0);
  expect(cli.output()).toContain("wrangler secret put ADMIN_TOKEN");
});
