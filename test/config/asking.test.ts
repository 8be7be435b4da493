/** What is said of asking origins, and can't mean anything. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { written } from "../../src/config/quantity.ts";
import { configOf, linesOf, origins } from "./load.ts";

const lines = (site: object, others: object = {}) => linesOf({ SITES: [{ hosts: ["*"], ...site }], ...others });
const probed = (health: object) => linesOf({ ORIGINS: [{ ...origins[0], health: { path: "/", ...health } }] });

describe("times", () => {
  test.each([
    [{ header: "10s", whole: "5s" }, 'header: "10s" is not at most whole, which is "5s".'],
    [{ idle: "61s", whole: "1m" }, 'idle: "61s" is not at most whole, which is "1m".'],
  ])("no part is longer than the whole: %j", (timeouts, says) => {
    expect(lines({ timeouts })).toEqual([`SITES[0].timeouts.${says}`]);
  });

  test("a whole that is shorter than the header's default is one", () => {
    expect(lines({ timeouts: { whole: "5s" } })).toEqual([]);
    expect(lines({ timeouts: { header: "5s", whole: "5s" } })).toEqual([]);
  });

  test("an origin isn't out longer than it may be", () => {
    const eject = { base: "10m" };
    expect(linesOf({ SETTINGS: { eject } })).toEqual([
      'SETTINGS.eject.base: "10m" is not at most `most`, which is "5m".',
    ]);
    expect(linesOf({ SETTINGS: { eject: { ...eject, most: "10m" } } })).toEqual([]);
  });

  test("nobody waits in a queue for no time", () => {
    const ORIGINS = [{ ...origins[0], maxConnections: 1, queue: { wait: "0s" } }];
    expect(linesOf({ ORIGINS })).toEqual(['ORIGINS[0].queue.wait: "0s" is not a duration above zero.']);
  });

  test("are shown as they may be written", () => {
    expect([0, 250, 90_000, 3_600_000, 604_800_000].map(written)).toEqual(["0s", "250ms", "90s", "1h", "1w"]);
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 9_999_999 }), fc.constantFrom("ms", "s", "m", "h", "d"), (number, unit) => {
        const { asking } = configOf({ SITES: [{ hosts: ["*"], timeouts: { whole: `${number}${unit}` } }] }).sites.any!;
        const again = configOf({ SITES: [{ hosts: ["*"], timeouts: { whole: written(asking.timeouts.whole) } }] });
        return again.sites.any!.asking.timeouts.whole === asking.timeouts.whole;
      }),
      { numRuns: 50 },
    );
  });
});

describe("a probe", () => {
  test("is over before the next", () => {
    expect(probed({ interval: "5s", timeout: "10s" })).toEqual([
      'ORIGINS[0].health.timeout: "10s" is not at most `interval`, which is "5s".',
    ]);
    expect(probed({ timeout: "10s" })).toEqual([]);
    const { health } = configOf({ ORIGINS: [{ ...origins[0], health: { path: "/", interval: "2s" } }] }).origins[0]!;
    expect(health).toMatchObject({ interval: 2_000, timeout: 2_000 });
  });

  test("looks for a text only where there is a body", () => {
    expect(probed({ statuses: [204, 304], body: "ok" })).toEqual([
      'ORIGINS[0].health.body: "ok" is not what an answer of these statuses can have: they have no body.',
    ]);
    expect(probed({ statuses: [200, 204], body: "ok" })).toEqual([]);
  });

  test("asks for no part of a page", () => {
    expect(probed({ path: "/a#b" })).toEqual([
      'ORIGINS[0].health.path: "/a#b" is not a path that begins with "/", without spaces and "#".',
    ]);
  });
});

describe("a share of none", () => {
  const says = '"0%" is not a share above "0%".';

  test.each([
    [{ SITES: [{ hosts: ["*"], hedge: { budget: "0%" } }] }, "SITES[0].hedge.budget"],
    [{ RULES: [{ mirror: { to: ["virginia"], share: "0%" } }] }, "RULES[0].mirror.share"],
    [{ SETTINGS: { eject: { share: "0%" } } }, "SETTINGS.eject.share"],
  ])("is written by leaving it out: %j", (config, at) => {
    expect(linesOf(config)).toEqual([`${at}: ${says}`]);
  });
});

describe("a hedge", () => {
  const only = { origins: ["frankfurt"] };

  test("has a second try", () => {
    const says = "SITES[0].hedge: It asks a second origin, and only one is asked here: tries is 1.";
    expect(lines({ hedge: true, retry: { tries: 1 } })).toEqual([says]);
    expect(lines({ hedge: true }, { SETTINGS: { tries: 1 } })).toEqual([says]);
    expect(lines({ hedge: false, retry: { tries: 1 } })).toEqual([]);
  });

  test("has a second origin, if only by a rule", () => {
    const says = "SITES[0].hedge: It asks a second origin, and no visit of this site has two to go to.";
    expect(lines({ hedge: true, ...only })).toEqual([says]);
    expect(lines({ hedge: true, ...only }, { RULES: [{ origins: ["frankfurt", "virginia"] }] })).toEqual([]);
    expect(lines({ hedge: true, ...only }, { RULES: [{ mirror: { to: ["virginia"] } }] })).toEqual([says]);
  });

  test("comes before the first has failed", () => {
    const says = (after: string, header: string): string =>
      `SITES[0].hedge.after: "${after}" is not shorter than what an origin has for the header of its answer, which is "${header}": the first has failed by then.`;
    expect(lines({ hedge: { after: "30s" } })).toEqual([says("30s", "30s")]);
    expect(lines({ hedge: { after: "6s" }, timeouts: { header: "5s" } })).toEqual([says("6s", "5s")]);
    expect(lines({ hedge: { after: "6s" } }, { SETTINGS: { timeout: "5s" } })).toEqual([says("6s", "5s")]);
    expect(lines({ hedge: { after: "29s" } })).toEqual([]);
    expect(lines({ hedge: { after: "29s" }, retry: { patience: false } })).toEqual([]);
  });

  test("comes before the site's own patience is lost", () => {
    const lasting = (after: string, patience: unknown) => lines({ hedge: { after }, retry: { patience } });
    const says = `SITES[0].hedge.after: "2s" is not shorter than retry.patience, which is "2s": the second has been asked by then, for the silence of the first.`;
    expect(lasting("2s", "2s")).toEqual([says]);
    expect(lasting("2s", "1s")).toEqual([says.replace('is "2s"', 'is "1s"')]);
    expect(lasting("2s", "2001ms")).toEqual([]);
    expect(lasting("2s", "adaptive")).toEqual([]);
  });
});

describe("patience", () => {
  const losing = (retry: object, others: object = {}, settings: object = {}) =>
    lines({ retry, ...others }, { SETTINGS: settings });
  const at = "SITES[0].retry.patience:";

  test("is lost before the first has failed", () => {
    const says = (patience: string, header: string): string =>
      `${at} "${patience}" is not shorter than what an origin has for the header of its answer, which is "${header}": the first has failed by then.`;
    expect(losing({ patience: "5s" }, { timeouts: { header: "3s" } })).toEqual([says("5s", "3s")]);
    expect(losing({ patience: "3s" }, { timeouts: { header: "3s" } })).toEqual([says("3s", "3s")]);
    expect(losing({ patience: "30s" })).toEqual([says("30s", "30s")]);
    expect(losing({ patience: "5s" }, {}, { timeout: "4s" })).toEqual([says("5s", "4s")]);
    expect(losing({ patience: "2999ms" }, { timeouts: { header: "3s" } })).toEqual([]);
    expect(losing({ patience: "adaptive" }, { timeouts: { header: "100ms" } })).toEqual([]);
  });

  test("has a second try", () => {
    const says = `${at} It asks a second origin, and only one is asked here: tries is 1.`;
    expect(losing({ patience: "2s", tries: 1 })).toEqual([says]);
    expect(losing({ patience: "adaptive", tries: 1 })).toEqual([says]);
    expect(losing({ patience: "2s" }, {}, { tries: 1 })).toEqual([says]);
    expect(losing({ patience: "2s", tries: 2 }, {}, { tries: 1 })).toEqual([]);
  });

  test("has a second origin, if only by a rule", () => {
    const only = { origins: ["frankfurt"] };
    const says = `${at} It asks a second origin, and no visit of this site has two to go to.`;
    expect(losing({ patience: "2s" }, only)).toEqual([says]);
    const site = { hosts: ["*"], retry: { patience: "2s" }, ...only };
    expect(linesOf({ SITES: [site], RULES: [{ origins: ["frankfurt", "virginia"] }] })).toEqual([]);
  });

  test("has something to spend", () => {
    const says = `${at} It asks a second origin, and retry.budget, from which that is paid, is "0%".`;
    expect(losing({ patience: "2s", budget: "0%" })).toEqual([says]);
    expect(losing({ patience: "2s", budget: "0.1%" })).toEqual([]);
  });

  test.each([[{ patience: false }], [{}]])("that nobody asks for contradicts nothing: %j", (retry) => {
    const others = { origins: ["frankfurt"], timeouts: { header: "100ms" } };
    expect(losing({ ...retry, budget: "0%", tries: 1 }, others)).toEqual([]);
  });
});

describe("resuming", () => {
  test("has something to spend, where it is asked for", () => {
    const retry = { budget: "0%" };
    const says = 'SITES[0].resume: It asks for the rest of a body, and retry.budget, from which that is paid, is "0%".';
    expect(lines({ resume: true, retry })).toEqual([says]);
    expect(lines({ resume: false, retry })).toEqual([]);
    expect(lines({ retry })).toEqual([]);
    expect(lines({ resume: true })).toEqual([]);
  });
});

describe("dealing out", () => {
  test.each([
    [{ split: [{ weight: 1 }, { weight: 1 }] }, "split: A list of 2 is not a list of which one has origins"],
    [
      {
        split: [
          { name: "arm1", origins: ["virginia"], weight: 1 },
          { origins: ["frankfurt"], weight: 1 },
        ],
      },
      "split: A list of 2 is not a list whose members have names of their own.",
    ],
    [
      { split: { per: "everyone", among: [{ origins: ["virginia"], weight: 1 }, { weight: 9 }] } },
      'split.per: "everyone" is not a text with ${…} in it, or all visits were alike.',
    ],
    [{ balance: { by: "hash", key: "path" } }, 'balance.key: "path" is not a text with ${…} in it'],
  ])("by nothing is none: %j", (rule, says) => {
    expect(linesOf({ RULES: [rule] })).toEqual([expect.stringContaining(`RULES[0].${says}`)]);
  });
});
