import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { HealthCheck, Origin } from "../../../src/config/upstream.ts";
import type { Probed } from "../../../src/origin-state.ts";
import { probe, probed } from "../../../src/origin/health/probe.ts";
import type { OriginAnswer } from "../../harness/origin-answer.ts";
import { createTimers } from "../../harness/timers.ts";
import { createWorld } from "../../harness/world.ts";
import { originWith } from "../choose/asker.ts";

const check: HealthCheck = {
  path: "/healthz",
  interval: 10_000,
  timeout: 5_000,
  statuses: undefined,
  body: undefined,
  rise: 2,
  fall: 3,
};

describe("what a probe sees", () => {
  const cases: readonly [
    what: string,
    answer: OriginAnswer,
    check: Partial<HealthCheck>,
    good: boolean,
    why: string,
  ][] = [
    ["200", {}, {}, true, "200"],
    ["204", { status: 204 }, {}, true, "204"],
    ["500", { status: 500 }, {}, false, "500"],
    ["a redirect, which isn't followed", { status: 302, headers: { location: "/" } }, {}, false, "302"],
    ["a status that is meant", { status: 401 }, { statuses: new Set([401]) }, true, "401"],
    ["200 where that isn't meant", {}, { statuses: new Set([204]) }, false, "200"],
    ["the text", { body: ["all systems ", "are go"] }, { body: "systems are" }, true, "200"],
    ["another text", { body: "degraded" }, { body: "systems are" }, false, "body"],
    ["no text", {}, { body: "go" }, false, "body"],
    ["the text too far away", { bytes: 300_000 }, { body: "go" }, false, "body"],
    ["a broken connection", { breaks: "before" }, {}, false, "connection"],
  ];

  test.each(cases)("%s", async (_, answer, parts, isGood, why) => {
    const { edge, origin } = createWorld();
    await origin("frankfurt").answers("/healthz", answer);
    expect(await probe(edge.config.origins[0]!, { ...check, ...parts }, edge)).toEqual({ isGood, why });
  });

  test.each<[what: string, answer: OriginAnswer]>([
    ["nothing comes", { stalls: "before" }],
    ["the text doesn't come", { bytes: 100, stalls: 10 }],
  ])("it waits no longer than it may when %s", async (_, answer) => {
    const timers = createTimers();
    const { edge, origin, clock } = createWorld({ ports: { after: timers.after } });
    await origin("frankfurt").answers("/healthz", answer);
    const seen = probe(edge.config.origins[0]!, { ...check, body: "go" }, edge);
    await timers.elapse(5_000, clock);
    expect(await seen).toEqual({ isGood: false, why: "timeout" });
    expect(timers.waiting()).toEqual([]);
  });

  test("the origin knows it for a probe, below its own path", async () => {
    const { edge, origin } = createWorld();
    await origin("frankfurt").answers("/healthz", {});
    await probe(edge.config.origins[0]!, { ...check, path: "/healthz?deep=1" }, edge);
    const [seen] = await origin("frankfurt").seen();
    expect(seen).toMatchObject({ method: "GET", target: "/healthz?deep=1" });
    expect(seen!.headers).toMatchObject({ "user-agent": "perigee-health", "cdn-loop": "perigee" });
  });

  test("an origin that leads back to the edge is refused as a loop", async () => {
    const world = createWorld();
    expect((await world.visit("/healthz", { headers: { "cdn-loop": "perigee" } })).status).toBe(508);
  });

  test("one that nobody listens for", async () => {
    const { edge } = createWorld();
    const nobody: Origin = originWith("nobody", { url: new URL("http://127.0.0.1:1") });
    expect(await probe(nobody, check, edge)).toEqual({ isGood: false, why: "connection" });
  });
});

describe("what follows from probes", () => {
  const { rise, fall } = check;
  const after = (results: string, from?: Probed): Probed | undefined =>
    [...results].reduce<Probed | undefined>(
      (before, result, at) => probed(before, { isGood: result === "+", why: result }, { rise, fall, now: at }),
      from,
    );

  test.each([
    ["+", true],
    ["-", true],
    ["--", true],
    ["---", false],
    ["--+--", true],
    ["---+", false],
    ["---+-+-+", false],
    ["---++", true],
  ])("%s: up is %s", (results, isUp) => {
    expect(after(results)!.isUp).toBe(isUp);
  });

  test("it is known since when, and what was seen last", () => {
    expect(after("+---")).toEqual({ isUp: false, since: 3, at: 3, contrary: 0, why: "-" });
    expect(after("+---+")).toEqual({ isUp: false, since: 3, at: 4, contrary: 1, why: "+" });
  });

  test("it turns only by so many in a row that say otherwise", () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom("+", "-"), { maxLength: 100 }), (results) => {
        let before: Probed | undefined;
        for (const [at, result] of results.entries()) {
          const now = probed(before, { isGood: result === "+", why: result }, { rise, fall, now: at });
          if (before && now.isUp !== before.isUp) {
            const run = results.slice(at + 1 - (now.isUp ? rise : fall), at + 1);
            expect(new Set(run)).toEqual(new Set([now.isUp ? "+" : "-"]));
          }
          expect(now.contrary).toBeLessThan(Math.max(rise, fall));
          before = now;
        }
      }),
    );
  });
});
