import { globSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, onTestFinished, test, vi } from "vitest";
import { root } from "../../scripts/project.ts";
import { end, groupOf, run, runCli, start, untilReady, waitFor, workerdOf, type Cli } from "./cli.ts";

/** An origin of somebody's: it names itself, and counts what reaches it. */
let server: Server;
let origin: string;
let requests = 0;
beforeAll(async () => {
  server = createServer((request, response) => {
    requests += 1;
    response.setHeader("server", "somebodys-server/1.0");
    response.setHeader("cache-control", request.url!.startsWith("/kept") ? "max-age=3600" : "no-store");
    response.end(`${request.headers.host}${request.url}`);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => server.close());

const directory = mkdtempSync(join(tmpdir(), "perigee-test-"));
afterAll(() => rmSync(directory, { recursive: true }));

const running: Cli[] = [];
afterEach(async () => {
  await Promise.all(running.splice(0).map(end));
});

/** Starts it; ends it after the test. */
async function started(...args: readonly string[]) {
  const cli = await start(...args);
  running.push(cli);
  return cli;
}

/** Runs it to its end. */
async function ended(...args: readonly string[]) {
  const cli = runCli(...args);
  const code = await cli.exit;
  return { code, output: cli.output(), left: groupOf(cli.child) };
}

describe("stopping", () => {
  test.each<[what: string, how: (cli: Cli) => void, code: number | null]>([
    ["Ctrl-C, which the whole terminal gets", ({ child }) => process.kill(-child.pid!, "SIGINT"), 130],
    ["an impatient Ctrl-C", ({ child }) => [1, 2, 3].forEach(() => process.kill(-child.pid!, "SIGINT")), 130],
    ["SIGINT to the process alone", ({ child }) => child.kill("SIGINT"), 130],
    ["SIGTERM", ({ child }) => child.kill("SIGTERM"), 0],
    ["being killed", ({ child }) => child.kill("SIGKILL"), null],
  ])("%s leaves no process", async (_, how, code) => {
    const cli = await started();
    expect(groupOf(cli.child).length).toBeGreaterThanOrEqual(5);
    how(cli);
    expect(await cli.exit).toBe(code);
    await expectNobodyLeft(cli);
  });

  test("SIGTERM to npm leaves no process", async () => {
    const cli = run("npm", ["start", "--", "--port", "0"]);
    running.push(cli);
    await untilReady(cli);
    cli.child.kill("SIGTERM");
    await cli.exit;
    await expectNobodyLeft(cli);
  });

  test("when workerd ends by itself, everything does, and says so", async () => {
    const cli = await started();
    process.kill(workerdOf(cli), "SIGKILL");
    expect(await cli.exit).toBe(1);
    expect(cli.output()).toContain("workerd, which runs the edge, ended unexpectedly");
    await expectNobodyLeft(cli);
  });
});

describe("a port that can't be had", () => {
  test("a taken one is said, before anything is started", async () => {
    const { port } = new URL(origin);
    const { code, output, left } = await ended("start", "--port", port);
    expect(output).toBe(
      `error: Port ${port} is taken. Choose another one, such as --port ${Number(port) + 1}, or --port 0 for any that is free.\n`,
    );
    expect({ code, left }).toEqual({ code: 1, left: [] });
  });

  test("what is no port is said", async () => {
    const { code, output } = await ended("start", "--port", "http");
    expect(code).toBe(1);
    expect(output).toContain("A port is a number from 0 to 65535.");
  });
});

describe("--origin", () => {
  test("fronts it with the default settings: no trail, no name, nothing blocked", async () => {
    const { url } = await started("--origin", origin);
    const answer = await fetch(`${url}/admin?q=1`, { headers: { "user-agent": "GPTBot/1.2" } });
    expect(answer.status).toBe(200);
    expect(await answer.text()).toBe(`${new URL(origin).host}/admin?q=1`);
    const fields = [...answer.headers].join("\n");
    expect(fields).not.toContain("perigee-trail");
    expect(fields).not.toContain("somebodys-server");
    expect(fields).not.toContain(new URL(origin).host);
  });

  test("with places, serves from the nearest", async () => {
    const { url } = await started(
      "--trail",
      "--origin",
      `${origin}/eu@50.1,8.7`,
      "--origin",
      `${origin}/us/@39.0,-77.5`,
    );
    const ask = async (latitude: string, longitude: string) =>
      (await fetch(url, { headers: { "cf-iplatitude": latitude, "cf-iplongitude": longitude } })).text();
    expect(await ask("52.5", "13.4")).toMatch(/\/eu\/$/);
    expect(await ask("40.7", "-74.0")).toMatch(/\/us\/$/);
  });

  test("keeps what it cached from one run to the next, unless --fresh", async () => {
    const port = await freePort();
    onTestFinished(() =>
      globSync(join(root, `.perigee/*-${port}`)).forEach((store) => rmSync(store, { recursive: true })),
    );
    const visit = async (...args: readonly string[]): Promise<number> => {
      const cli = await untilReady(runCli("start", "--port", port, "--origin", origin, ...args));
      running.push(cli);
      const before = requests;
      for (let again = 0; again < 2; again += 1) {
        await (await fetch(`${cli.url}/kept/${port}`)).text();
        // The answer is stored after it has left.
        await new Promise((resolve) => setTimeout(resolve, 300));
      }
      await end(cli);
      return requests - before;
    };
    expect(await visit("--fresh")).toBe(1);
    expect(await visit()).toBe(0);
    expect(await visit("--fresh")).toBe(1);
  });

  test("a password is refused, and not repeated", async () => {
    const { code, output, left } = await ended(
      "start",
      "--port",
      "0",
      "--origin",
      "http://user:secret@example.com@50,8",
    );
    expect(output).toMatch(/^error: .*password/);
    expect(output).not.toContain("secret");
    expect({ code, left }).toEqual({ code: 1, left: [] });
  });
});

describe("--config", () => {
  test("serves the [vars] of that file, with its rate limits", async () => {
    const file = write(`
      [[ratelimits]]
      name = "SOME"
      namespace_id = "1"
      simple = { limit = 2, period = 60 }

      [vars]
      ORIGINS = [{ name = "only", url = "${origin}" }]
      SITES = [{ hosts = ["*"], origins = ["only"] }]

      [[vars.RULES]]
      when = 'request.path == "/hello"'
      respond = { body = "hello from the config" }

      [[vars.RULES]]
      when = 'request.path == "/limited"'
      limit = { by = "SOME", per = "all" }
    `);
    const { url } = await started("--config", file);
    expect(await (await fetch(`${url}/hello`)).text()).toBe("hello from the config");
    const statuses: number[] = [];
    for (let visit = 0; visit < 4; visit += 1) statuses.push((await fetch(`${url}/limited`)).status);
    expect(statuses).toEqual([200, 200, 429, 429]);
  });

  describe("with an origin that is asked by a binding", () => {
    const config = (): string =>
      write(`
        [[services]]
        binding = "PRIVATE"
        service = "shop"

        [vars]
        ORIGINS = [
          { name = "private", url = "https://shop.internal/base", via = "PRIVATE" },
          { name = "spare", url = "${origin}/spare", priority = 1 },
        ]
        SITES = [{ hosts = ["*"], origins = ["private", "spare"] }]
      `);

    test("--via leads it to an address here, which sees the host and path of the origin's URL", async () => {
      const { url, output } = await started("--config", config(), "--via", `PRIVATE=${origin}`);
      expect(await (await fetch(`${url}/a?b`)).text()).toBe("shop.internal/base/a?b");
      expect(output()).toContain(`The binding PRIVATE leads to ${origin}.`);
    });

    test("without, it can't be reached, which is said; and the next origin serves", async () => {
      const { url, output } = await started("--config", config(), "--trail");
      expect(output()).toContain("The binding PRIVATE isn't on this machine");
      const answer = await fetch(`${url}/a`);
      expect(await answer.text()).toBe(`${new URL(origin).host}/spare/a`);
      expect(answer.headers.get("perigee-trail")).toContain("private:connection+spare");
    });

    test.each([
      [["PRIVAT=http://127.0.0.1:1"], "did you mean PRIVATE?"],
      [["PRIVATE"], "Name a binding and where it leads"],
      [["PRIVATE=https://127.0.0.1"], "http, a host, perhaps a port, and nothing else"],
      [["PRIVATE=http://a:80/b"], "http, a host, perhaps a port, and nothing else"],
      [["PRIVATE=http://a", "PRIVATE=http://b"], "is led to two places"],
    ])("--via %j is refused in words", async (ways, says) => {
      const args = ways.flatMap((way) => ["--via", way]);
      const { code, output, left } = await ended("start", "--port", "0", "--config", config(), ...args);
      expect(output).toMatch(/^error: /);
      expect(output).toContain(says);
      expect({ code, left }).toEqual({ code: 1, left: [] });
    });

    test("--via without --config is refused", async () => {
      const { code, output } = await ended("start", "--port", "0", "--via", `PRIVATE=${origin}`);
      expect({ code, output }).toEqual({ code: 1, output: expect.stringContaining("--via goes with --config") });
    });
  });

  test("writes the access log with --log, and not without", async () => {
    const file = write(`
      [vars]
      ORIGINS = [{ name = "only", url = "${origin}" }]
      SITES = [{ hosts = ["*"], origins = ["only"] }]
    `);
    const [quiet, loud] = await Promise.all([started("--config", file), started("--config", file, "--log")]);
    await Promise.all([quiet, loud].map(async ({ url }) => (await fetch(`${url}/seen`)).text()));
    await waitFor(() => loud.output().includes('"path":"/seen"'), loud.output);
    expect(quiet.output()).not.toContain("/seen");
  });

  test("a wrong one: every problem in one run, and nothing is started", async () => {
    const file = write(`
      [vars]
      ORIGINS = [{ name = "only", url = "${origin}" }]
      SITES = [{ hosts = ["*"], origins = ["onyl"] }]
      RULES = [{ when = "request.path", block = 403 }, { when = "true", blok = 403 }]
    `);
    const { code, output, left } = await ended("start", "--port", "0", "--config", file);
    expect(output).toContain("SITES[0].origins[0]");
    expect(output).toContain("RULES[0].when");
    expect(output).toContain('did you mean "block"?');
    expect({ code, left }).toEqual({ code: 1, left: [] });
  });

  test.each([
    ["isn't there", "gone.toml", "can't be read"],
    ["isn't TOML", write("[vars"), "TOML"],
  ])("a file that %s is said", async (_, file, says) => {
    const { code, output } = await ended("start", "--port", "0", "--config", file);
    expect(code).toBe(1);
    expect(output).toContain(says);
  });
});

test("--help shows how", async () => {
  for (const args of [["--help"], ["start", "--help"], ["check", "--help"]]) {
    const { code, output } = await ended(...args);
    expect(code).toBe(0);
    expect(output).toContain("Usage: perigee");
  }
});

/** All that it started has ended, if not at once then soon. */
async function expectNobodyLeft({ child }: Cli): Promise<void> {
  await vi.waitFor(() => expect(groupOf(child)).toEqual([]), 5000);
}

/** A file of its own with that text; its path. */
function write(text: string): string {
  const file = join(directory, `${Math.random().toString(36).slice(2)}.toml`);
  writeFileSync(file, text);
  return file;
}

async function freePort(): Promise<string> {
  const probe = createServer();
  await new Promise<void>((resolve) => probe.listen(0, "127.0.0.1", resolve));
  const { port } = probe.address() as AddressInfo;
  await new Promise((resolve) => probe.close(resolve));
  return String(port);
}
