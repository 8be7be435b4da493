/** What is said of origins that are full. */
import { describe, expect, test } from "vitest";
import { configOf, linesOf, origins } from "./load.ts";

const limited = origins.map((origin) => ({ ...origin, maxConnections: 10 }));

describe("a brownout's steps", () => {
  const lines = (brownout: unknown) => linesOf({ ORIGINS: limited, SITES: [{ hosts: ["*"], brownout }] });

  test.each([
    { stale: "60%", shed: { at: "75%", bots: ["gptbot"] }, refuse: "95%" },
    { stale: "50%", shed: { at: "50%", bots: ["gptbot", "unknown"] } },
    { refuse: "0%" },
  ])("are taken in their order: %j", (brownout) => {
    expect(lines(brownout)).toEqual([]);
  });

  test.each([
    [{ stale: "80%", refuse: "50%" }, 'refuse: "50%" is not as full or fuller than stale, the step before it.'],
    [
      { stale: "80%", shed: { at: "33.3%", bots: ["gptbot"] } },
      'shed.at: "33.3%" is not as full or fuller than stale, the step before it.',
    ],
    [
      { shed: { at: "80%", bots: ["gptbot"] }, refuse: "79.9%" },
      'refuse: "79.9%" is not as full or fuller than shed.at, the step before it.',
    ],
  ])("are not taken in another: %j", (brownout, says) => {
    expect(lines(brownout)).toEqual([`SITES[0].brownout.${says}`]);
  });

  test("are not none", () => {
    expect(lines({})).toEqual(["SITES[0].brownout: An empty table is not a table with stale, shed or refuse."]);
  });

  test("shed bots that there can be", () => {
    const bots = ["curl", "my-own-crawler", "GPTBot", "gtpbot", "", "gptbot-image", "crawler", "curl"];
    const expected = "is not the name of a bot as client.bot has it, in lower case";
    expect(lines({ shed: { at: "50%", bots } })).toEqual([
      `SITES[0].brownout.shed.bots[2]: "GPTBot" ${expected}; did you mean "gptbot"?`,
      `SITES[0].brownout.shed.bots[3]: "gtpbot" ${expected}; did you mean "gptbot"?`,
      `SITES[0].brownout.shed.bots[4]: "" ${expected}.`,
      expect.stringContaining(`SITES[0].brownout.shed.bots[5]: "gptbot-image" ${expected}`),
      expect.stringContaining(`SITES[0].brownout.shed.bots[6]: "crawler" ${expected}`),
      'SITES[0].brownout.shed.bots[7]: "curl" is not new to the list: its [0] is the same.',
    ]);
  });
});

describe("a brownout goes by maxConnections", () => {
  const [frankfurt, virginia] = origins;
  const says =
    "SITES[0].brownout: It goes by how full origins are, and none that this site may ask has maxConnections, so that it could be.";
  const site = { name: "www", hosts: ["*"], origins: ["frankfurt"], brownout: { refuse: "90%" } };
  const lines = (maxConnections: unknown, others: object = {}) =>
    linesOf({ ORIGINS: [frankfurt, { ...virginia, maxConnections }], SITES: [site], ...others });

  test("of an origin that the site may ask", () => {
    expect(lines(10)).toEqual([says]);
    expect(linesOf({ ORIGINS: [{ ...frankfurt, maxConnections: "adaptive" }], SITES: [site] })).toEqual([]);
  });

  test.each([
    [{ origins: ["virginia"] }, []],
    [{ split: [{ origins: ["virginia"], weight: 1 }, { weight: 9 }] }, []],
    [{ sites: ["other"], origins: ["virginia"] }, [says]],
    [{ mirror: { to: ["virginia"] } }, [says]],
  ])("also by a rule: %j", (rule, expected) => {
    expect(lines(10, { SITES: [site, { name: "other", hosts: ["a.example"] }], RULES: [rule] })).toEqual(expected);
  });
});

test("a queue goes with maxConnections", () => {
  const [frankfurt, virginia] = origins;
  const lines = (origin: object) => linesOf({ ORIGINS: [{ ...frankfurt, ...origin }, virginia] });
  const queue = { wait: "2s" };
  expect(lines({ queue, maxConnections: 1 })).toEqual([]);
  expect(lines({ queue })).toEqual([
    "ORIGINS[0].queue: The table { wait } is not of use without maxConnections, for nobody ever waits.",
  ]);
  expect(configOf({ ORIGINS: limited }).origins[0]!.queue).toEqual({ length: 100, wait: 1_000 });
});
