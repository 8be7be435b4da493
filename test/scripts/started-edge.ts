/** An edge in a process of its own, before an origin of the test's, for what only its own socket shows. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import type { Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll } from "vitest";
import { end, start, type StartedCli } from "./cli.ts";

/** Before all tests of the file, an edge is started with the origin "one" and these vars, in TOML; after them, both are ended. @returns the edge, once it is started. */
export function startBefore(origin: Server, vars: string, ...options: readonly string[]): () => StartedCli {
  const directory = mkdtempSync(join(tmpdir(), "perigee-edge-"));
  let edge: StartedCli;
  beforeAll(async () => {
    await new Promise<void>((resolve) => origin.listen(0, "127.0.0.1", resolve));
    const { port } = origin.address() as AddressInfo;
    const file = join(directory, "wrangler.toml");
    writeFileSync(file, `[vars]\nORIGINS = [{ name = "one", url = "http://127.0.0.1:${port}" }]\n${vars}`);
    edge = await start("--fresh", ...options, "--config", file);
  });
  afterAll(async () => {
    await end(edge);
    origin.closeAllConnections();
    origin.close();
    rmSync(directory, { recursive: true });
  });
  return () => edge;
}
