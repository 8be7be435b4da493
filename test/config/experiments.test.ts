import { describe, expect, test } from "vitest";
import type { Experiment } from "../../src/config/experiments.ts";
import { visitOf } from "../rules/visit.ts";
import { configOf, linesOf, problemsOf } from "./load.ts";

const [control, short] = [
  { name: "control", weight: 1 },
  { name: "short", weight: 3, rewrite: { path: "/short" } },
];
const checkout = { name: "checkout", variants: [control, short] };

function experimentOf(written: object): Experiment {
  return configOf({ EXPERIMENTS: [{ ...checkout, ...written }] }).experiments[0]!;
}

describe("an experiment", () => {
  test("that says nothing more is for everybody, for ever, by the client's address", () => {
    const { when, variants, measured: _measured, leftOut: _leftOut, ...others } = experimentOf({});
    expect(others).toEqual({
      name: "checkout",
      share: 1,
      goals: [],
      per: undefined,
      sticky: undefined,
      start: Number.NEGATIVE_INFINITY,
      end: Number.POSITIVE_INFINITY,
      bots: false,
      paused: false,
      header: undefined,
    });
    expect(when(visitOf({}))).toBe(true);
    expect(variants).toMatchObject([
      { name: "control", weight: 1, rule: { name: "checkout:control" } },
      { name: "short", weight: 3, rule: { name: "checkout:short", rewrite: {} } },
    ]);
  });

  test("has an audience on its sites", () => {
    const { when } = experimentOf({ when: 'request.path == "/a"', sites: ["www.example.com"] });
    const visit = visitOf({ url: "https://www.example.com/a" });
    const onSite = (name: string) => ({ ...visit, site: { ...visit.site, name } });
    expect([when(onSite("www.example.com")), when(onSite("shop"))]).toEqual([true, false]);
    expect(when({ ...onSite("www.example.com"), url: visitOf({ url: "https://www.example.com/b" }).url })).toBe(false);
  });

  test.each([
    ["2026-12-01", "2026-12-01T00:00:00.000Z"],
    ["2026-12-01T09:30Z", "2026-12-01T09:30:00.000Z"],
    ["2026-12-01T09:30:15+01:00", "2026-12-01T08:30:15.000Z"],
  ])("starts at %s", (start, time) => {
    expect(experimentOf({ start }).start).toBe(Date.parse(time));
  });

  test("is continued in further bindings, and a part of the config's version", () => {
    const other = { ...checkout, name: "price" };
    const config = configOf({ EXPERIMENTS: [checkout], EXPERIMENTS_1: JSON.stringify([other]) });
    expect(config.experiments.map(({ name }) => name)).toEqual(["checkout", "price"]);
    expect(config.version).not.toBe(configOf({ EXPERIMENTS: [checkout] }).version);
  });

  test("tells the origin of every variant, beside the fields that it sets itself", () => {
    const headers = { request: { set: { "x-a": "1" } }, response: { remove: ["x-b"] } };
    const { variants } = experimentOf({ header: "X-Experiment", variants: [control, { ...short, headers }] });
    const added = variants.map(({ rule }) =>
      rule.headers!.request.add.map(([name, text]) => [name, text(visitOf({}))]),
    );
    expect(added).toEqual([[["x-experiment", "checkout=control"]], [["x-experiment", "checkout=short"]]]);
    expect(variants[1]!.rule.headers).toMatchObject({ request: { set: [["x-a", {}]] }, response: { remove: ["x-b"] } });
  });

  test("has a balance that goes by what is under way followed, and one that doesn't not", () => {
    const followed = (balance: string): boolean[] =>
      configOf({ EXPERIMENTS: [{ ...checkout, variants: [control, { ...control, name: "b", balance }] }] }).origins.map(
        (origin) => origin.followed,
      );
    expect([followed("two-choices"), followed("nearest")]).toEqual([
      [true, true],
      [false, false],
    ]);
  });
});

describe("what is stored is kept apart", () => {
  const keysOf = (more: object, does: object): readonly (string | undefined)[] =>
    experimentOf({ ...more, variants: [control, { name: "b", weight: 1, ...does }] }).variants.map(({ key }) => key);

  test.each<[object]>([
    [{ rewrite: { path: "/b" } }],
    [{ origins: ["virginia"] }],
    [{ split: [{ origins: ["virginia"], weight: 1 }, { weight: 1 }] }],
    [{ balance: "first" }],
    [{ cache: { ttl: "1h" } }],
    [{ headers: { request: { set: { a: "b" } } } }],
  ])("of every variant, where one says %j", (does) => {
    const [first, second] = keysOf({}, does);
    expect([first, second]).toEqual([
      expect.stringMatching(/^control-[\da-f]{14}$/),
      expect.stringMatching(/^b-[\da-f]{14}$/),
    ]);
    expect(keysOf({}, { ...does, weight: 7 })).toEqual([first, second]);
    const [, changed] = keysOf({}, { ...does, security: true });
    expect(changed).not.toBe(second);
  });

  test("where the origin is told", () => {
    expect(keysOf({ header: "x-a" }, {})).not.toContain(undefined);
    expect(keysOf({ header: "x-a" }, {})).not.toEqual(keysOf({ header: "x-b" }, {}));
  });

  test.each<[object]>([
    [{}],
    [{ headers: { response: { set: { a: "b" } } } }],
    [{ security: true }],
    [{ compress: false }],
    [{ redirect: "/b" }],
    [{ respond: { status: 503 } }],
  ])("of none, where all that one says is %j", (does) => {
    expect(keysOf({}, does)).toEqual([undefined, undefined]);
  });
});

describe("one problem, with its place", () => {
  const within = (written: object) => ({ EXPERIMENTS: [{ ...checkout, ...written }] });
  const variants = (...all: object[]) => within({ variants: all });

  test.each<[object, string]>([
    [{ EXPERIMENTS: {} }, "EXPERIMENTS: An empty table is not a list."],
    [{ EXPERIMENT: [checkout] }, 'EXPERIMENT: There is no such binding; did you mean "EXPERIMENTS"?'],
    [within({ name: undefined }), "EXPERIMENTS[0].name: It is missing."],
    [within({ name: "the checkout" }), 'EXPERIMENTS[0].name: "the checkout" is not a name of letters'],
    [
      { EXPERIMENTS: [checkout, checkout] },
      'EXPERIMENTS[1].name: "checkout" is taken already, by EXPERIMENTS[0].name.',
    ],
    [
      variants(control, control),
      'EXPERIMENTS[0].variants[1].name: "control" is taken already, by EXPERIMENTS[0].variants[0].name.',
    ],
    [variants(control), "EXPERIMENTS[0].variants: A list of 1 is not a list with at least two members."],
    [variants(), "EXPERIMENTS[0].variants: An empty list is not a list with at least two members."],
    [
      variants({ ...control, weight: 0 }, { ...short, weight: 0 }),
      "EXPERIMENTS[0].variants: A list of 2 is not a list whose weights add up to more than 0.",
    ],
    [variants(control, { ...short, weight: -1 }), "EXPERIMENTS[0].variants[1].weight: -1 is not a whole number from 0"],
    [variants(control, { name: "b" }), "EXPERIMENTS[0].variants[1].weight: It is missing."],
    ...["block", "limit", "score", "access", "challenge", "monitor", "when", "sites"].map((field): [object, string] => [
      variants(control, { ...short, [field]: 403 }),
      `EXPERIMENTS[0].variants[1].${field}: There is no such field;`,
    ]),
    [within({ stiky: "1d" }), 'EXPERIMENTS[0].stiky: There is no such field; did you mean "sticky"?'],
    [within({ sticky: "1s" }), 'EXPERIMENTS[0].sticky: "1s" is not a duration of at least "1m".'],
    [within({ share: "101%" }), 'EXPERIMENTS[0].share: "101%" is not a share'],
    [within({ per: "user" }), 'EXPERIMENTS[0].per: "user" is not a text with ${…} in it'],
    [within({ when: "client.contry" }), 'did you mean "country"?'],
    [within({ sites: ["ww.example.com"] }), 'EXPERIMENTS[0].sites[0]: "ww.example.com" is not the name of a site'],
    [within({ header: "host" }), "EXPERIMENTS[0].header: "],
    [within({ header: "Cookie" }), 'EXPERIMENTS[0].header: "cookie" is not the name of a field of your own'],
    [within({ header: "Authorization" }), "EXPERIMENTS[0].header: "],
    [within({ start: "tomorrow" }), 'EXPERIMENTS[0].start: "tomorrow" is not a time such as "2026-12-01"'],
    [within({ end: "2026-02-30" }), 'EXPERIMENTS[0].end: "2026-02-30" is not a time'],
    [within({ end: "2026-02-01T24:30Z" }), 'EXPERIMENTS[0].end: "2026-02-01T24:30Z" is not a time'],
    [
      within({ start: "2026-12-01", end: "2026-12-01T01:00+01:00" }),
      'EXPERIMENTS[0].end: "2026-12-01T01:00+01:00" is not after its start.',
    ],
    [
      variants(control, { ...short, origins: ["virgina"] }),
      'EXPERIMENTS[0].variants[1].origins[0]: "virgina" is not the name of an origin; did you mean "virginia"?',
    ],
    [
      {
        SITES: [{ hosts: ["*"], name: "eu", regions: ["EU"] }],
        ORIGINS: [
          { name: "a", url: "https://a.example", region: "EU" },
          { name: "b", url: "https://b.example" },
        ],
        ...variants(control, { ...short, origins: ["b"] }),
      },
      'EXPERIMENTS[0].variants[1].origins: "b" is in no region, and the site "eu" is kept to "EU".',
    ],
  ])("%j", (others, expected) => {
    const lines = linesOf(others as Record<string, unknown>);
    expect(lines).toHaveLength(1);
    expect(lines[0]).toContain(expected);
  });

  test("a cookie without a key, where secrets are known", () => {
    const says = "It needs the secret SIGNING_KEY, which is not set: no client would be known again.";
    const bindings = within({ sticky: "1d" });
    expect(problemsOf(bindings, { secrets: [] })).toEqual([{ at: "EXPERIMENTS[0].sticky", says }]);
    expect(problemsOf(bindings, { secrets: ["SIGNING_KEY"] })).toEqual([]);
    expect(problemsOf(within({}), { secrets: [] })).toEqual([]);
    expect(problemsOf(within({ goals: [{ name: "a", path: "/a" }] }), { secrets: [] })).toEqual([
      { at: "EXPERIMENTS[0].goals", says: says.replace("known again", "counted") },
    ]);
  });

  test("more than one cookie can hold", () => {
    const EXPERIMENTS = Array.from({ length: 66 }, (_, index) => ({ ...checkout, name: `e${index}`, sticky: "1d" }));
    expect(linesOf({ EXPERIMENTS })).toEqual([
      "EXPERIMENTS[64].sticky: It is one too many: clients keep what they see of at most 64 experiments.",
      "EXPERIMENTS[65].sticky: It is one too many: clients keep what they see of at most 64 experiments.",
    ]);
    expect(linesOf({ EXPERIMENTS: EXPERIMENTS.slice(0, 64) })).toEqual([]);
  });

  test("more than the counting cookie can hold, of one site", () => {
    const goals = Array.from({ length: 10 }, (_, index) => ({ name: `g${index}`, event: "e" }));
    const SITES = ["a.example", "b.example"].map((host) => ({ hosts: [host] }));
    const experiments = (of: number, more: object) =>
      Array.from({ length: of }, (_, index) => ({ ...checkout, goals, ...more, name: `e${index}-${of}` }));
    const says = (marks: number) =>
      `With them, the experiments and goals of a site are ${marks}: clients remember what they were counted for of at most 500 together.`;
    expect(problemsOf({ EXPERIMENTS: experiments(64, { sticky: "1d" }) }).slice(0, 2)).toEqual([
      { at: "EXPERIMENTS[45].goals", says: says(506) },
      { at: "EXPERIMENTS[46].goals", says: says(517) },
    ]);
    const apart = [...experiments(44, { sites: ["a.example"] }), ...experiments(45, { sites: ["b.example"] })];
    expect(linesOf({ SITES, EXPERIMENTS: apart })).toEqual([]);
    const both = { ...checkout, name: "both", goals: goals.slice(0, 5) };
    expect(problemsOf({ SITES, EXPERIMENTS: [...apart, both] })).toEqual([
      { at: "EXPERIMENTS[89].goals", says: says(501) },
    ]);
    expect(problemsOf({ SITES, EXPERIMENTS: [...apart, { ...both, goals: goals.slice(0, 4) }] })).toEqual([]);
  });
});
