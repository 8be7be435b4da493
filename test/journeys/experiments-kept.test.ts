/** Experiments: how clients are known again, and testers by their links. */
import { describe, expect, test } from "vitest";
import { markOf } from "../../src/config/experiments.ts";
import { linkPurpose } from "../../src/route/experiments/forced.ts";
import { seal } from "../../src/seal.ts";
import {
  control,
  cookiesOf,
  page,
  person,
  perUser,
  see,
  seeTimes,
  SIGNING_KEY,
  worldWith,
} from "../harness/experiments.ts";
import { createWorld, dawn, type World } from "../harness/world.ts";

describe("a cookie", () => {
  const half = [
    { name: "a", weight: 1 },
    { name: "b", weight: 1 },
  ];
  const sticky = { name: "checkout", sticky: "30d" };

  /** The same world with another config. */
  const later = async (world: World, ...experiments: object[]): Promise<World> =>
    worldWith(experiments, { beside: world });

  test("is signed, small, for this host, out of reach of scripts, and keeps its client without being set anew", async () => {
    const world = await worldWith([{ ...sticky, variants: half }]);
    const first = await see(world);
    const [line] = first.response.headers.getSetCookie();
    expect(line).toMatch(
      /^perigee-experiments=[0-9a-z]{6}\.[0-9a-z]{14}\.[\w-]{43}; Path=\/; Max-Age=2592000; HttpOnly; SameSite=Lax; Secure$/,
    );
    const [seen] = first.seen;
    expect(seen).toMatch(/^checkout:[ab];by=hash$/);
    for (const _ of [1, 2, 3]) {
      const again = await see(world, cookiesOf(first));
      expect(again.seen).toEqual([seen!.replace("hash", "cookie")]);
      expect(again.response.headers.getSetCookie()).toEqual([]);
    }
    expect((await world.visit("http://www.example.com/", { headers: person })).headers.get("set-cookie")).not.toContain(
      "Secure",
    );
  });

  test("keeps its client whatever becomes of the weights, and of the share", async () => {
    const world = await worldWith([{ ...sticky, variants: half }]);
    const clients = await seeTimes(world, 20);
    const seenBy = clients.map((client) => [cookiesOf(client), client.seen[0]!.replace("hash", "cookie")] as const);
    expect(new Set(seenBy.map(([, seen]) => seen)).size).toBe(2);
    const changed = await later(world, {
      ...sticky,
      share: "1%",
      variants: [
        { name: "a", weight: 0 },
        { name: "b", weight: 1 },
        { name: "c", weight: 50 },
      ],
    });
    for (const [cookie, seen] of seenBy) expect((await see(changed, cookie)).seen).toEqual([seen]);
    // New ones come by the new weights.
    const all = await later(world, {
      ...sticky,
      variants: [
        { name: "a", weight: 0 },
        { name: "b", weight: 1 },
      ],
    });
    for (const _ of [1, 2, 3, 4]) expect((await see(all)).seen).toEqual(["checkout:b;by=hash"]);
  });

  test("lets go of a variant that is no more, and of an experiment that is no more", async () => {
    const world = await worldWith([
      {
        ...sticky,
        variants: [
          { name: "old", weight: 1 },
          { name: "older", weight: 1 },
        ],
      },
    ]);
    const cookie = cookiesOf(await see(world));
    const changed = await later(world, { ...sticky, variants: half });
    const moved = await see(changed, cookie);
    expect(moved.seen).toHaveLength(1);
    expect(moved.seen[0]).toMatch(/;by=hash$/);
    expect(moved.response.headers.getSetCookie()).toHaveLength(1);
    const gone = await worldWith([], { beside: world });
    const { seen, response } = await see(gone, cookie);
    expect([seen, response.headers.getSetCookie()]).toEqual([[], []]);
    expect((await gone.origin("frankfurt").seen()).at(-1)!.headers["cookie"]).toBeUndefined();
  });

  test("keeps out who takes no part, until the share grows", async () => {
    const world = await worldWith([{ ...sticky, share: "0%", variants: half }]);
    const out = await see(world);
    expect([out.seen, out.response.headers.getSetCookie().length]).toEqual([[], 1]);
    const again = await see(world, cookiesOf(out));
    expect([again.seen, again.response.headers.getSetCookie()]).toEqual([[], []]);
    const grown = await later(world, { ...sticky, variants: half });
    const taking = await see(grown, cookiesOf(out));
    expect(taking.seen[0]).toMatch(/;by=hash$/);
    // By the number that its cookie had: so it would without what the new one keeps.
    expect((await see(grown, cookiesOf(out))).seen).toEqual(taking.seen);
    expect((await see(grown, cookiesOf(taking))).seen).toEqual([taking.seen[0]!.replace("hash", "cookie")]);
  });

  test.each<[string, (value: string) => string]>([
    ["of another variant", (value) => value.replace(/\..{14}\./, ".00000000000000.")],
    ["that lasts longer", (value) => value.replace(/^.{6}/, "zzzzzz")],
    ["that is cut", (value) => value.slice(0, -1)],
    ["of nothing", () => "x"],
    ["too long", (value) => value.padEnd(5_000, "x")],
  ])("that was forged is no cookie: one %s", async (_, forge) => {
    const world = await worldWith([{ ...sticky, variants: half }]);
    const first = await see(world);
    const forged = cookiesOf(first)["cookie"]!.replace(/(?<==).*/s, (value) => forge(value));
    const { seen, response } = await see(world, { cookie: forged });
    expect(seen[0]).toMatch(/;by=hash$/);
    expect(response.headers.getSetCookie()).toHaveLength(1);
    expect(world.log.at(-1)!["trail"]).toContain("route=experiments:unknown-cookie");
    // A good one behind it counts.
    expect((await see(world, { cookie: `${forged}; ${cookiesOf(first)["cookie"]!}` })).seen).toEqual([
      first.seen[0]!.replace("hash", "cookie"),
    ]);
  });

  test("is old when its time is up, and set anew when half of it is over", async () => {
    const world = await worldWith([{ ...sticky, variants: half }]);
    const first = await see(world);
    world.clock.advance(14 * 24 * 3600);
    expect((await see(world, cookiesOf(first))).response.headers.getSetCookie()).toEqual([]);
    world.clock.advance(2 * 24 * 3600);
    const renewed = await see(world, cookiesOf(first));
    expect(renewed.response.headers.getSetCookie()).toHaveLength(1);
    world.clock.advance(20 * 24 * 3600);
    expect((await see(world, cookiesOf(first))).seen[0]).toMatch(/;by=hash$/);
    expect((await see(world, cookiesOf(renewed))).seen).toEqual([first.seen[0]!.replace("hash", "cookie")]);
  });

  test("is one for all experiments, and forgets none that its client isn't in just now", async () => {
    const others = { name: "other", when: 'request.path == "/other"', sticky: "1d", variants: half };
    const world = await worldWith([{ ...sticky, when: 'request.path == "/"', variants: half }, others]);
    const first = await see(world);
    const second = await see(world, cookiesOf(first), "/other");
    expect(second.response.headers.getSetCookie()).toHaveLength(1);
    expect(second.response.headers.get("set-cookie")).toContain(`Max-Age=${30 * 24 * 3600};`);
    expect((await see(world, cookiesOf(second))).seen).toEqual([first.seen[0]!.replace("hash", "cookie")]);
    const third = await see(world, cookiesOf(second), "/other");
    expect([third.seen, third.response.headers.getSetCookie()]).toEqual([
      [second.seen[0]!.replace("hash", "cookie")],
      [],
    ]);
  });

  test("is one for a page and its fragments, which see the same at the first visit, too", async () => {
    const header = "x-experiment";
    const world = await worldWith([{ ...sticky, header, variants: half }], { vars: { RULES: [{ esi: true }] } });
    const headers = { "content-type": "text/html", "cache-control": "no-store" };
    await world.origin("frankfurt").answers("/page", { body: '<esi:include src="/part"/>', headers });
    await world.origin("frankfurt").answers("/part", { body: "part", headers });
    const told = new Set<string>();
    for (let time = 0; time < 8; time++) {
      expect((await see(world, {}, "/page")).body).toBe("part");
      const [page, part] = (await world.origin("frankfurt").seen()).slice(-2).map((asked) => asked.headers[header]);
      expect(part).toBe(page);
      told.add(page!);
    }
    expect(told).toEqual(new Set(["checkout=a", "checkout=b"]));
  });

  test("of one site is none on another", async () => {
    const SITES = [
      { name: "www", hosts: ["www.example.com"] },
      { name: "shop", hosts: ["shop.example.com"] },
    ];
    const world = await worldWith([{ ...sticky, variants: half }], { vars: { SITES } });
    await see(world, cookiesOf(await see(world)), "https://shop.example.com/");
    expect(world.log.at(-1)!["trail"]).toContain("route=experiments:unknown-cookie");
  });

  test("needs a key: without, clients are told apart by their address", async () => {
    const world = await worldWith([{ ...sticky, variants: half }], { vars: { SIGNING_KEY: undefined } });
    const seen = await seeTimes(world, 5);
    expect(new Set(seen.map((one) => one.seen.join())).size).toBe(1);
    expect(seen.flatMap(({ response }) => response.headers.getSetCookie())).toEqual([]);
    expect(world.log.at(-1)!["trail"]).toContain("route=experiments:no-key");
  });

  test("is set with an error, too, and with none that the edge has itself before", async () => {
    const world = await worldWith([{ ...sticky, variants: half }], {
      vars: { RULES: [{ when: 'request.path == "/no"', block: 403 }] },
    });
    await world.origin("frankfurt").answers("/bad", { status: 500 });
    expect((await see(world, {}, "/bad")).response.headers.getSetCookie()).toHaveLength(1);
    expect((await see(world, {}, "/no")).response.headers.getSetCookie()).toEqual([]);
  });
});

describe("a tester's link", () => {
  const variants = [control, { name: "short", weight: 0, rewrite: { path: "/short" } }];
  const short = markOf("checkout", "short");

  /** By which these variants are seen for an hour. */
  async function linkTo(marks: string, key = SIGNING_KEY): Promise<string> {
    const { edge } = createWorld({ vars: { SIGNING_KEY: key } });
    const value = await seal(edge, linkPurpose("www.example.com"), { text: marks, until: dawn + 3_600_000 });
    return `https://www.example.com/?a=b&perigee-experiment=${value}`;
  }

  test("shows the variant, at that visit and by a cookie at those that follow, until its time is up", async () => {
    const world = await worldWith([{ ...perUser, variants }]);
    await world.origin("frankfurt").answers("/short?a=b", page("short"));
    const first = await see(world, {}, await linkTo(short));
    expect([first.seen, first.body]).toEqual([["checkout:short;by=forced"], "short"]);
    expect((await world.origin("frankfurt").seen()).map(({ target }) => target)).toEqual(["/short?a=b"]);
    const [line] = first.response.headers.getSetCookie();
    expect(line).toMatch(/^perigee-forced=[\w.-]+; Path=\/; Max-Age=3600; HttpOnly; SameSite=Lax; Secure$/);
    const second = await see(world, cookiesOf(first));
    expect([second.seen, second.body]).toEqual([["checkout:short;by=forced"], "frankfurt /short"]);
    expect(second.response.headers.getSetCookie()).toEqual([]);
    world.clock.advance(3_600);
    expect((await see(world, cookiesOf(first))).seen).toEqual(["checkout:control;by=hash"]);
    expect((await see(world, {}, await linkTo(short))).seen).toEqual(["checkout:control;by=hash"]);
    expect(world.log.at(-1)!["trail"]).toContain("route=experiments:unknown-link");
  });

  test("isn't told to the origin by what its page asks for", async () => {
    const world = await worldWith([{ ...perUser, variants }]);
    const link = await linkTo(short);
    const toldOf = async (referer: string) => {
      await see(world, { referer, "cache-control": "no-cache" }, "/other");
      return (await world.origin("frankfurt").seen()).at(-1)!.headers["referer"];
    };
    expect(await toldOf(link)).toBe("https://www.example.com/?a=b");
    expect(await toldOf(`${link}&c=%64`)).toBe("https://www.example.com/?a=b&c=%64");
    expect(await toldOf("https://www.example.com/?perigee-experiment=off")).toBe("https://www.example.com/");
    for (const other of [
      "https://www.example.com/?a=perigee-experiment",
      "https://elsewhere.example/?perigee-experiment=1",
      "perigee-experiment",
    ]) {
      expect(await toldOf(other)).toBe(other);
    }
  });

  test("ends by another", async () => {
    const world = await worldWith([{ ...perUser, variants }]);
    const first = await see(world, {}, await linkTo(short));
    const ended = await see(world, cookiesOf(first), "/?perigee-experiment=off");
    expect(ended.seen).toEqual(["checkout:control;by=hash"]);
    expect(ended.response.headers.get("set-cookie")).toMatch(/^perigee-forced=; Path=\/; Max-Age=0;/);
  });

  test("is good before the start, of a paused one, and for any program; but not where the experiment isn't", async () => {
    const closed = { ...perUser, start: "2999-01-01", paused: true, when: 'request.path == "/"', variants };
    const world = await worldWith([closed]);
    expect((await see(world, { "user-agent": "curl/8.11.0" }, await linkTo(short))).seen).toEqual([
      "checkout:short;by=forced",
    ]);
    const cookies = cookiesOf(await see(world, {}, await linkTo(short)));
    expect((await see(world, cookies, "/other")).seen).toEqual([]);
  });

  test.each<[string, () => Promise<string>]>([
    ["with another key", async () => linkTo(short, "another")],
    ["for another host", async () => (await linkTo(short)).replace("www.example.com", "shop.example.com")],
    ["that was changed", async () => (await linkTo(short)).replace(/.(?=.{44}$)/, "0")],
    ["that is nothing", async () => "https://www.example.com/?perigee-experiment=short"],
    ["that is empty", async () => "https://www.example.com/?perigee-experiment="],
  ])("shows nothing %s, and no origin gets it", async (_, target) => {
    const SITES = [{ hosts: ["www.example.com", "shop.example.com"] }];
    const world = await worldWith([{ ...perUser, variants }], { vars: { SITES } });
    const { seen, response } = await see(world, {}, await target());
    expect([seen, response.headers.getSetCookie()]).toEqual([["checkout:control;by=hash"], []]);
    expect((await world.origin("frankfurt").seen())[0]!.target).not.toContain("perigee");
  });

  test("leaves what the client's own cookie keeps as it is", async () => {
    const world = await worldWith([{ name: "checkout", sticky: "1d", variants }]);
    const own = await see(world);
    const forced = await see(world, cookiesOf(own), await linkTo(short));
    const both = { cookie: `${cookiesOf(own)["cookie"]}; ${cookiesOf(forced)["cookie"]}` };
    const tester = await see(world, both);
    expect(tester.seen).toEqual(["checkout:short;by=forced"]);
    expect(tester.response.headers.getSetCookie()).toEqual([]);
    expect((await see(world, cookiesOf(own))).seen).toEqual(["checkout:control;by=cookie"]);
  });

  test("names several experiments", async () => {
    const price = { name: "price", per: perUser.per, variants: [control, { name: "low", weight: 0 }] };
    const world = await worldWith([{ ...perUser, variants }, price]);
    const { seen } = await see(world, {}, await linkTo(short + markOf("price", "low")));
    expect(seen).toEqual(["checkout:short;by=forced", "price:low;by=forced"]);
  });

  test("without experiments, what looks like one is a parameter like others", async () => {
    const world = await worldWith([]);
    await see(world, {}, "/?perigee-experiment=x");
    expect((await world.origin("frankfurt").seen())[0]!.target).toBe("/?perigee-experiment=x");
  });
});
