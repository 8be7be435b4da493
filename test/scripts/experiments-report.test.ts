/** What the report makes of counts; and an operator who asks a running edge for it. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { once } from "node:events";
import { createServer, request, type IncomingMessage, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { assess, type Assessment } from "../../scripts/experiments/assess.ts";
import { render } from "../../scripts/experiments/render.ts";
import { root } from "../../scripts/project.ts";
import { createChance } from "../../scripts/simulate/chance.ts";
import type { ExperimentReport, VariantReport } from "../../src/count/report.ts";
import { end, run, start, type StartedCli } from "./cli.ts";

function variant(name: string, clients: number, goals: Readonly<Record<string, number>>): VariantReport {
  return {
    name,
    weight: 1,
    visits: clients * 2,
    clients,
    expected: 1_000,
    goals,
    answers: { count: 0, failures: 0, logs: 0, squares: 0 },
    isRolledBack: false,
  };
}

const usual: ExperimentReport = {
  name: "form",
  by: "cookie",
  goals: ["bought"],
  isReweighed: false,
  isInterrupted: false,
  since: "2026-03-01T00:00:00.000Z",
  until: "2026-03-08T00:00:00.000Z",
  variants: [variant("usual", 1_010, { bought: 50 }), variant("short", 990, { bought: 110 })],
};

describe("the report", () => {
  test("is a table, and words for what it comes to", () => {
    expect(render([assess(usual)])).toBe(`form: 2026-03-01T00:00:00.000Z to 2026-03-08T00:00:00.000Z

variant  visits  clients  expected
usual      2020     1010    1000.0
short      1980      990    1000.0

bought  clients  converted     rate  difference    95 % interval      p
usual      1010         50   4.95 %           -                -      -
short       990        110  11.11 %       +6.16  +1.91 to +10.41  0.001
→ short does better than usual, and that is hardly chance.

Clients count once each, and so do those of them that reach a goal. Interval and p hold whenever you look, and for all goals and
variants of an experiment together: look as often as you like, and stop when you like. docs/EXPERIMENTS.md tells how.`);
  });

  test("says so when nothing can be told, is counted, or is there", () => {
    const even = {
      ...usual,
      variants: [variant("usual", 1_000, { bought: 50 }), variant("short", 1_000, { bought: 55 })],
    };
    expect(render([assess(even)])).toContain(
      "→ short can't be told from usual yet: what is between them may be chance.",
    );
    const { since: _since, until: _until, ...rest } = usual;
    const empty = { ...rest, variants: [variant("usual", 0, {}), variant("short", 0, {})] };
    expect(render([assess(empty)])).toMatch(
      /^form: nothing counted yet\n[^!]*→ Nobody was counted for usual or short\.\n/,
    );
    const started = { ...usual, variants: [variant("usual", 0, {}), variant("short", 1_000, { bought: 55 })] };
    expect(render([assess(started)])).toContain("→ Nobody was counted for usual.\n");
    const half = { ...usual, variants: [variant("usual", 1_000, { bought: 55 }), variant("short", 0, {})] };
    expect(render([assess(half)])).toContain("→ Nobody was counted for short.\n");
    expect(render([])).toBe("This edge has no experiments.");
  });

  test.each<readonly [string, Partial<ExperimentReport>, RegExp]>([
    [
      "clients fell otherwise than the weights say",
      { variants: [variant("usual", 1_200, {}), variant("short", 800, {})] },
      /^! Don't trust these figures: .*\(usual 1200 of 1000, short 800 of 1000 expected; p < 0\.001\)\.$/m,
    ],
    [
      "more reached a goal than there are clients",
      { variants: [variant("usual", 1_000, { bought: 50 }), variant("short", 1_000, { bought: 1_003 })] },
      /^! Don't trust bought: of 1000 clients of short, 1003 were counted to have reached it\.$/m,
    ],
    ["the weights changed", { isReweighed: true }, /^! The weights were changed/m],
    [
      "a variant was rolled back for a while",
      { isInterrupted: true },
      /^! A variant was rolled back for some of the time/m,
    ],
    ["clients are told apart by address", { by: "address" }, /^! Clients are told apart by their addresses/m],
    [
      "a variant was rolled back",
      {
        variants: [
          variant("usual", 1_000, {}),
          {
            ...variant("short", 1_000, {}),
            answers: { count: 400, failures: 100, logs: 300 * Math.log(50), squares: 0 },
            isRolledBack: true,
            why: "It fails.",
            at: "2026-03-02T00:00:00.000Z",
          },
        ],
      },
      /^short +400 +25\.00 % +50 +rolled back\n\n! short was rolled back at 2026-03-02T00:00:00\.000Z\. It fails\.\n.*experiments resume form$/m,
    ],
  ])("warns when %s", (_, changes, warning) => {
    expect(render([assess({ ...usual, ...changes })])).toMatch(warning);
    expect(render([assess(usual)])).not.toMatch(/^!/m);
  });

  test("takes no more for converted than there are, and no goal for what every object has", () => {
    const odd = {
      ...usual,
      goals: ["toString"],
      variants: [variant("usual", 10, {}), variant("short", 10, { toString: 11 })],
    };
    const [goal] = assess(odd).goals;
    expect(goal!.variants.map(({ converted }) => converted)).toEqual([0, 10]);
  });
});

test("of several variants and goals that do alike, at most 5 of 100 experiments ever have one that signals", () => {
  const { uniform } = createChance(20_261_126, 4);
  let ever = 0;
  for (let run = 0; run < 2_000; run++) {
    const sides = ["a", "b", "c"].map((name) => ({ name, clients: 0, goals: { one: 0, two: 0 } }));
    let signals = false;
    for (let client = 1; client <= 4_000; client++) {
      const side = sides[Math.floor(uniform() * 3)]!;
      side.clients += 1;
      if (uniform() < 0.1) side.goals.one += 1;
      if (uniform() < 0.3) side.goals.two += 1;
      if (client % 100 > 0) continue;
      const variants = sides.map(({ name, clients, goals }) => variant(name, clients, goals));
      const { goals } = assess({ ...usual, goals: ["one", "two"], variants });
      signals ||= goals.some((goal) => goal.variants.some(({ against }) => against !== undefined && against.p <= 0.05));
    }
    ever += Number(signals);
  }
  expect(ever / 2_000).toBeLessThanOrEqual(0.05);
});

describe("an operator", () => {
  const origin: Server = createServer(({ url }, response) => {
    response.writeHead(url!.startsWith("/canary") ? 500 : 200, { "cache-control": "no-store" }).end("page");
  });
  const directory = mkdtempSync(join(tmpdir(), "perigee-experiments-"));
  let edge: StartedCli;

  beforeAll(async () => {
    await new Promise<void>((resolve) => origin.listen(0, "127.0.0.1", resolve));
    const url = `http://127.0.0.1:${(origin.address() as AddressInfo).port}`;
    const file = join(directory, "wrangler.toml");
    writeFileSync(
      file,
      `[vars]
      ADMIN_TOKEN = "the-right-token"
      SIGNING_KEY = "a key of the test"
      ORIGINS = [{ name = "only", url = "${url}" }]
      SITES = [{ hosts = ["*"] }]
      SETTINGS = { localVisitors = true, eject = false }

      [[vars.EXPERIMENTS]]
      name = "release"
      sticky = "1d"
      goals = [{ name = "thanked", path = "/thanks" }, { name = "asked", event = "question" }]
      guard = { errors = "2%", least = 50 }
      variants = [{ name = "stable", weight = 1 }, { name = "canary", weight = 1, rewrite = { path = "/canary" } }]`,
    );
    edge = await start("--fresh", "--config", file);
  });
  afterAll(async () => {
    await end(edge);
    origin.close();
    rmSync(directory, { recursive: true });
  });

  async function perigee(...args: readonly string[]) {
    const script = join(root, "scripts/perigee.ts");
    const command = ["TOKEN=the-right-token", process.execPath, script, ...args];
    const cli = run("env", ["--", ...command, "--token-env", "TOKEN", "--edge", edge.url]);
    return { code: await cli.exit, output: cli.output() };
  }

  /** A browser of its own address, that keeps its cookies. Node's fetch writes Fetch Metadata itself, and not as a browser does. */
  function browse(number: number) {
    const cookies = new Map<string, string>();
    return async (path: string, event?: string): Promise<number> => {
      const headers = {
        "sec-fetch-mode": "navigate",
        "sec-fetch-dest": "document",
        "sec-fetch-site": "same-origin",
        "user-agent": "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0",
        "cf-connecting-ip": `192.0.2.${number}`,
        cookie: [...cookies].map((pair) => pair.join("=")).join("; "),
      };
      const asking = request(`${edge.url}${path}`, { method: event === undefined ? "GET" : "POST", headers });
      asking.end(event);
      const [response] = (await once(asking, "response")) as [IncomingMessage];
      for (const line of response.headers["set-cookie"] ?? []) {
        const [, name = "", value = ""] = /^([^=]+)=([^;]*)/.exec(line) ?? [];
        cookies.set(name, value);
      }
      response.resume();
      await once(response, "end");
      return response.statusCode!;
    };
  }

  const patient = { timeout: 30_000, interval: 500 };

  /** Over both variants. */
  async function counted() {
    const { code, output } = await perigee("experiments", "report", "--json");
    expect(code).toBe(0);
    const [{ variants, goals }] = JSON.parse(output) as [Assessment];
    const asked = goals.find(({ goal }) => goal === "asked")!.variants;
    return {
      clients: variants.reduce((sum, { clients }) => sum + clients, 0),
      asked: asked.reduce((sum, { converted }) => sum + converted, 0),
    };
  }

  test("sees what was counted, that a canary was rolled back, and brings it back", async () => {
    const people = Array.from({ length: 240 }, (_, number) => browse(number));
    // The guard compares blocks of a second, by the real time: some twenty of them are enough.
    const come = async (go: (typeof people)[number]) => Promise.all([go("/"), delay(120)]);
    // Too few for it to say anything.
    for (const go of people.slice(0, 60)) await come(go);
    expect(await people[0]!("/.perigee/event", "question")).toBe(204);
    await vi.waitFor(async () => expect(await counted()).toEqual({ clients: 60, asked: 1 }), patient);

    for (const go of people.slice(60)) await come(go);
    const isRolledBack = /^canary +\d+ +100\.00 % +- +rolled back$/m;
    await vi.waitFor(
      async () => expect((await perigee("experiments", "report")).output).toMatch(isRolledBack),
      patient,
    );
    expect((await perigee("status")).output).toMatch(
      /^! release: canary is rolled back\. 100 % of \d+ answers failed/m,
    );
    expect(await perigee("experiments", "resume", "release")).toEqual({
      code: 0,
      output: "release goes on. Within seconds all clients of its variants see them again.\n",
    });
    expect((await perigee("experiments", "report", "--name", "release")).output).toMatch(
      /^canary +\d+ +100\.00 % +- +on$/m,
    );
  });

  test("is told what is wrong", async () => {
    expect(await perigee("experiments", "resume", "nothing")).toEqual({
      code: 1,
      output: `error: ${edge.url} has no experiment nothing.\n`,
    });
    expect((await perigee("experiments", "report", "--name", "nothing")).output).toBe(
      "error: The edge has no experiment nothing; there is release.\n",
    );
  });
});
