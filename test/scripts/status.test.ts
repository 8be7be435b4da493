/** An operator asks a running edge, whose origins are probed by a Durable Object with real alarms. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { root } from "../../scripts/project.ts";
import { end, run, start, type StartedCli } from "./cli.ts";

let isWell = true;
let probes = 0;
const origin: Server = createServer(({ url }, response) => {
  if (url === "/healthz") probes += 1;
  response.writeHead(url === "/healthz" && !isWell ? 500 : 200, { "cache-control": "no-store" }).end("fine");
});
const directory = mkdtempSync(join(tmpdir(), "perigee-status-"));
let edge: StartedCli;

beforeAll(async () => {
  await new Promise<void>((resolve) => origin.listen(0, "127.0.0.1", resolve));
  const url = `http://127.0.0.1:${(origin.address() as AddressInfo).port}`;
  const health = '{ path = "/healthz", interval = "1s", rise = 1, fall = 1 }';
  const file = join(directory, "wrangler.toml");
  writeFileSync(
    file,
    `[vars]
    ADMIN_TOKEN = "the-right-token"
    ORIGINS = [{ name = "probed", url = "${url}", health = ${health} }, { name = "plain", url = "${url}" }]
    SITES = [{ hosts = ["*"], balance = "first" }]
    RULES = [{ name = "only watching", block = 403, monitor = true }]`,
  );
  edge = await start("--fresh", "--config", file);
});
afterAll(async () => {
  await end(edge);
  origin.close();
  rmSync(directory, { recursive: true });
});

async function status(token: string, ...args: readonly string[]) {
  const script = join(root, "scripts/perigee.ts");
  const command = [`TOKEN=${token}`, process.execPath, script, "status", "--token-env", "TOKEN", ...args];
  const cli = run("env", ["--", ...command]);
  return { code: await cli.exit, output: cli.output() };
}

test("it shows how each origin stands, and what probes say of it, up and down", async () => {
  expect((await fetch(edge.url)).status).toBe(200);
  const says = async (what: RegExp): Promise<void> =>
    vi.waitFor(async () => expect((await status("the-right-token", "--edge", edge.url)).output).toMatch(what), 20_000);
  await says(/^probed +well .* up \(200\)$/m);
  await says(/^only watching +\d+ +- +blocked-by-rule \d+$/m);
  isWell = false;
  await says(/^probed +\w+ .* down \(500\)$/m);
  expect(probes).toBeGreaterThan(1);
  const { code, output } = await status("the-right-token", "--edge", edge.url, "--json");
  expect([code, (JSON.parse(output) as { origins: object[] }).origins]).toMatchObject([
    0,
    [{ name: "probed" }, { name: "plain", state: "well" }],
  ]);
});

test("it says what is wrong", async () => {
  const { code, output } = await status("another", "--edge", edge.url);
  expect([code, output]).toEqual([1, `error: ${edge.url} doesn't know this token.\n`]);
});
