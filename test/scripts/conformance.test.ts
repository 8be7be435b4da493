/** `npm run conformance`, as its user has it. */
import { createServer, type AddressInfo } from "node:net";
import { once } from "node:events";
import { join } from "node:path";
import { expect, test } from "vitest";
import { root } from "../../scripts/project.ts";
import { end, run, start } from "./cli.ts";

const play = (...args: readonly string[]) => run(process.execPath, [join(root, "test/conformance/run.ts"), ...args]);

/** One that was free a moment ago. */
async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, "close");
  return port;
}

test("plays against an edge that runs already, whatever its config", { timeout: 60_000 }, async () => {
  const port = await freePort();
  const edge = await start("--origin", `http://127.0.0.1:${port}`);
  try {
    const played = play("--no-cases", "--only", "freshness/", "--edge", edge.url, "--origin-port", String(port));
    expect(await played.exit, played.output()).toBe(0);
    expect(played.output()).toContain("Every required case in reach passes.");
  } finally {
    await end(edge);
  }
});

test.for<[args: readonly string[], says: string]>([
  [["--edge", "ftp://127.0.0.1"], "It is a URL without a path"],
  [["--edge", "http://127.0.0.1:8787/a"], "It is a URL without a path"],
  [["--origin-port", "70000"], "It is a number from 0 to 65535."],
  [["--edge", "http://127.0.0.1:8787", "--write"], "cannot be used with"],
])("%j is refused", async ([args, says]) => {
  const refused = play("--no-cases", ...args);
  expect(await refused.exit).not.toBe(0);
  expect(refused.output()).toContain(says);
});

test("says when the origin's port is taken", async () => {
  const taken = createServer().listen(0, "127.0.0.1");
  await once(taken, "listening");
  const { port } = taken.address() as AddressInfo;
  const refused = play("--no-cases", "--only", "freshness/max-age", "--origin-port", String(port));
  expect(await refused.exit).toBe(1);
  expect(refused.output()).toContain("the cases' origin can't listen");
  taken.close();
});
