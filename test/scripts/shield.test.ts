/** The shield as a Durable Object of workerd, between a real client and a real origin. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer, get, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { end, start, waitFor, type StartedCli } from "./cli.ts";

const size = 3_000_000;

/** Counts what reaches it, by path. `/slow…` takes a second to its end, `/broken…` never comes to it. */
const asked = new Map<string, number>();
const finished = new Set<string>();
const origin: Server = createServer(({ url = "" }, response) => void play(url, response));

async function play(url: string, response: ServerResponse): Promise<void> {
  asked.set(url, (asked.get(url) ?? 0) + 1);
  response.writeHead(200, { "cache-control": "max-age=600", "content-length": size, server: "somebodys-server/1.0" });
  response.write(Buffer.alloc(size / 2, "a"));
  if (url.startsWith("/slow")) await pause(1000);
  if (url.startsWith("/broken")) return void setTimeout(() => response.destroy(), 100);
  response.end(Buffer.alloc(size / 2, "b"), () => finished.add(url));
}

const directory = mkdtempSync(join(tmpdir(), "perigee-shield-"));
let edge: StartedCli;
beforeAll(async () => {
  await new Promise<void>((resolve) => origin.listen(0, "127.0.0.1", resolve));
  const file = join(directory, "wrangler.toml");
  const url = `http://127.0.0.1:${(origin.address() as AddressInfo).port}`;
  writeFileSync(
    file,
    `vars.ORIGINS = [{ name = "one", url = "${url}" }]\nvars.SITES = [{ hosts = ["*"], cache = { shield = "weur" } }]\n`,
  );
  edge = await start("--fresh", "--config", file);
});
afterAll(async () => {
  await end(edge);
  origin.close();
  rmSync(directory, { recursive: true });
});

test("simultaneous visits are one question to the origin, through the shield, and every byte arrives", async () => {
  const answers = await Promise.all(Array.from({ length: 50 }, () => visit("/many")));
  const statuses = answers.map(({ headers }) => String(headers["cache-status"]));
  expect(statuses.filter((status) => status.startsWith("perigee-shield; fwd=uri-miss;"))).toHaveLength(1);
  expect(answers.map(({ headers }) => headers["server"])).toEqual(Array(50).fill(undefined));
  const whole = Buffer.concat([Buffer.alloc(size / 2, "a"), Buffer.alloc(size / 2, "b")]);
  for (const answer of answers) expect((await read(answer)).equals(whole)).toBe(true);
  expect(asked.get("/many")).toBe(1);
});

test("when its client leaves in the middle, an answer still comes to its end, and is there for the next", async () => {
  let came = 0;
  for await (const chunk of await visit("/slow")) {
    came += (chunk as Buffer).length;
    if (came >= size / 2) break; // which ends the connection
  }
  await waitFor(
    () => finished.has("/slow"),
    () => "the origin was never read to its end",
  );
  expect((await read(await visit("/slow"))).length).toBe(size);
  expect(asked.get("/slow")).toBe(1);
});

test("a body that breaks off at the origin breaks off at the client, and is kept by neither cache", async () => {
  const breaksOff = async (): Promise<void> => expect(read(await visit("/broken"))).rejects.toThrow("aborted");
  await breaksOff();
  // The local Cache API gives out what it got of it, until it is told to forget that.
  await vi.waitFor(breaksOff, 5000);
  expect(asked.get("/broken")).toBe(2);
});

/** The answer, its body not read yet. */
function visit(path: string): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => get(edge.url + path, { agent: false }, resolve).on("error", reject));
}

async function read(answer: IncomingMessage): Promise<Buffer> {
  return Buffer.concat(await answer.toArray());
}
