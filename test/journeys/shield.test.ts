import { describe, expect, test } from "vitest";
import type { Mark } from "../../src/edge.ts";
import { createMemoryStore } from "../../src/platform/memory/store.ts";
import type { OriginAnswer } from "../harness/origin-answer.ts";
import { createShielded } from "../harness/shielded.ts";
import { berlin, cacheStatus, createWorld, tokyo } from "../harness/world.ts";

const fresh: OriginAnswer = {
  body: "a",
  headers: { "cache-control": "max-age=60", etag: '"1"', "content-length": "1" },
};

/** A site of these hosts with the shield in western Europe, and what else its cache is to do. */
const site = (cache: Record<string, unknown>) => ({
  SITES: [{ hosts: ["www.example.com"], balance: "first", cache: { shield: "weur", ...cache } }],
});

const shielded = (response: Response): string => response.headers.get("cache-status") ?? "";

describe("two locations and their shield", () => {
  test("what one location fetched, the shield has for the other, and its age adds up", async () => {
    const { here, there, settle } = createShielded();
    const origin = here.origin("frankfurt");
    await origin.answers("/a", fresh);
    const first = await here.visit("/a");
    expect(shielded(first)).toBe(
      "perigee-shield; fwd=uri-miss; fwd-status=200; stored, perigee; fwd=uri-miss; fwd-status=200; stored",
    );
    expect(await first.text()).toBe("a");
    await settle();

    here.clock.advance(10);
    const second = await there.visit("/a");
    expect(shielded(second)).toBe("perigee-shield; hit; ttl=50, perigee; fwd=uri-miss; fwd-status=200; stored");
    expect(second.headers.get("age")).toBe("10");
    expect(await second.text()).toBe("a");
    await settle();

    here.clock.advance(5);
    const third = await there.visit("/a");
    expect(cacheStatus(third)).toBe("hit; ttl=45");
    expect(third.headers.get("age")).toBe("15");
    expect(await origin.seen()).toHaveLength(1);
  });

  test("1,000 simultaneous visits are one question to the origin", async () => {
    const { here, there, asked } = createShielded();
    const origin = here.origin("frankfurt");
    await origin.answers("/a", { ...fresh, delay: 200 });
    const visits = Array.from({ length: 1000 }, (_, index) => (index % 2 ? here : there).visit("/a"));
    const answers = await Promise.all(visits.map(async (visit) => (await visit).text()));
    expect(answers).toEqual(Array(1000).fill("a"));
    expect(asked).toHaveLength(2);
    expect(await origin.seen()).toHaveLength(1);
  });

  test("the first client's leaving is nothing to the others", async () => {
    const { here, there, asked } = createShielded();
    const origin = here.origin("frankfurt");
    await origin.answers("/a", { bytes: 200_000, headers: { "cache-control": "max-age=60" }, pause: 50 });
    const first = await here.visit("/a");
    const others = [there.visit("/a"), here.visit("/a"), there.visit("/a")];
    await first.body!.cancel();
    const bodies = await Promise.all(others.map(async (visit) => (await visit).arrayBuffer()));
    expect(bodies.map(({ byteLength }) => byteLength)).toEqual([200_000, 200_000, 200_000]);
    expect(asked.length).toBeLessThanOrEqual(2);
    expect(await origin.seen()).toHaveLength(1);
  });

  test("what is for one visit only makes nobody wait, and is soon asked of the origin without the shield", async () => {
    const { here, there, asked, settle } = createShielded();
    const origin = here.origin("frankfurt");
    await origin.answers("/mine", { body: "mine", headers: { "cache-control": "private" }, delay: 30 });
    const visits = Array.from({ length: 20 }, (_, index) => (index % 2 ? here : there).visit("/mine"));
    const statuses = (await Promise.all(visits)).map(({ status }) => status);
    expect(statuses).toEqual(Array(20).fill(200));
    expect(await origin.seen()).toHaveLength(20);
    await settle();
    const sofar = asked.length;
    expect(shielded(await here.visit("/mine"))).toBe("perigee; fwd=miss; fwd-status=200; detail=private");
    expect(asked).toHaveLength(sofar);
  });

  test.each([
    ["with credentials", { method: "GET", headers: { authorization: "Basic eA==" } }],
    ["that must not be stored", { method: "GET", headers: { "cache-control": "no-store" } }],
    ["of an unsafe method", { method: "POST", headers: {}, body: "x" }],
  ])("a request %s goes straight to the origin", async (_, init) => {
    const { here, asked } = createShielded();
    await here.origin("frankfurt").answers("/a", fresh);
    expect((await here.visit("/a", init)).status).toBe(200);
    expect(asked).toEqual([]);
  });

  test("a site without a shield asks none", async () => {
    const { here, asked } = createShielded({ vars: site({ shield: false }) });
    await here.origin("frankfurt").answers("/a", fresh);
    expect(shielded(await here.visit("/a"))).toBe("perigee; fwd=uri-miss; fwd-status=200; stored");
    expect(asked).toEqual([]);
  });
});

describe("what is asked for", () => {
  test("a client's condition is answered at the location, and a stale answer confirmed by the shield", async () => {
    const { here, there, settle } = createShielded();
    const origin = here.origin("frankfurt");
    await origin.answers("/a", fresh, { status: 304, headers: { etag: '"1"', "cache-control": "max-age=60" } });
    const ask = { headers: { "if-none-match": '"1"' } };
    expect((await here.visit("/a", ask)).status).toBe(304);
    await settle();
    expect(await (await there.visit("/a")).text()).toBe("a");
    await settle();

    here.clock.advance(70);
    const stale = await here.visit("/a", ask);
    expect(stale.status).toBe(304);
    expect(shielded(stale)).toMatch(
      /^perigee-shield; fwd=stale; fwd-status=304; .*, perigee; fwd=stale; fwd-status=304;/,
    );
    await settle();
    // The other location's is stale too, and the shield has the newer one by now.
    const confirmed = await there.visit("/a");
    expect(shielded(confirmed)).toMatch(/^perigee-shield; hit; ttl=60, perigee; fwd=stale; fwd-status=304; ttl=60/);
    expect(await confirmed.text()).toBe("a");
    const seen = await origin.seen();
    expect(seen.map(({ headers }) => headers["if-none-match"])).toEqual([undefined, '"1"']);
  });

  test("the shield's 304 brings all fields that may change up to date", async () => {
    const { here, there, settle } = createShielded();
    const named = (name: string) => ({
      "cache-control": "max-age=60",
      etag: '"1"',
      "content-disposition": `filename="${name}"`,
    });
    const origin = here.origin("frankfurt");
    await origin.answers("/a", { body: "a", headers: named("old") }, { status: 304, headers: named("new") });
    for (const place of [here, there]) {
      await (await place.visit("/a")).text();
      await settle();
    }
    here.clock.advance(70);
    for (const place of [here, there]) {
      const answer = await place.visit("/a");
      expect([answer.headers.get("content-disposition"), await answer.text()]).toEqual([`filename="new"`, "a"]);
      await settle();
    }
    expect(await origin.seen()).toHaveLength(2);
  });

  test("a HEAD is answered from what the shield has", async () => {
    const { here, there, settle } = createShielded();
    await here.origin("frankfurt").answers("/a", fresh);
    await (await here.visit("/a")).text();
    await settle();
    const head = await there.visit("/a", { method: "HEAD" });
    expect(shielded(head)).toMatch(/^perigee-shield; hit; ttl=60, perigee; fwd=uri-miss/);
    expect(head.headers.get("content-length")).toBe("1");
    expect(await head.text()).toBe("");
    expect(await here.origin("frankfurt").seen()).toHaveLength(1);
  });

  test("a range of a large file is fetched in slices once, for both locations", async () => {
    const { here, there, settle } = createShielded({ vars: site({ slice: "64KB" }) });
    const origin = here.origin("frankfurt");
    await origin.answers("/film", {
      bytes: 300_000,
      ranges: true,
      headers: { etag: '"film"', "cache-control": "max-age=60" },
    });
    const ask = { headers: { range: "bytes=100000-100004" } };
    for (const place of [here, there]) {
      const part = await place.visit("/film", ask);
      expect(part.status).toBe(206);
      expect(part.headers.get("content-range")).toBe("bytes 100000-100004/300000");
      const bytes = new Uint8Array(await part.arrayBuffer());
      expect([...bytes]).toEqual([0, 1, 2, 3, 4].map((offset) => (100_000 + offset) % 251));
      await settle();
    }
    expect((await origin.seen()).map(({ headers }) => headers["range"])).toEqual(["bytes=65536-131071"]);
  });

  test("a range of what the shield has whole is cut there", async () => {
    const { here, there, settle } = createShielded({ vars: site({ slice: false }) });
    const origin = here.origin("frankfurt");
    await origin.answers("/a", { body: "abcdef", headers: { "cache-control": "max-age=60", "content-length": "6" } });
    await (await here.visit("/a")).text();
    await settle();
    const part = await there.visit("/a", { headers: { range: "bytes=2-3" } });
    expect([part.status, await part.text()]).toEqual([206, "cd"]);
    expect(await origin.seen()).toHaveLength(1);
  });

  test("variants are told apart at both", async () => {
    const { here, there, settle } = createShielded();
    const origin = here.origin("frankfurt");
    const vary = { "cache-control": "max-age=60", vary: "accept-language" };
    await origin.answers("/a", { body: "Tag", headers: vary }, { body: "day", headers: vary });
    const [german, english] = [{ headers: { "accept-language": "de" } }, { headers: { "accept-language": "en" } }];
    const read = async (place: typeof here, init: typeof german): Promise<string> => {
      const text = await (await place.visit("/a", init)).text();
      await settle();
      return text;
    };
    expect([await read(here, german), await read(here, english)]).toEqual(["Tag", "day"]);
    expect([await read(there, english), await read(there, german)]).toEqual(["day", "Tag"]);
    expect(await origin.seen()).toHaveLength(2);
  });

  test("a client that wants to be sure gets past the shield as well", async () => {
    const { here, there, settle } = createShielded();
    const origin = here.origin("frankfurt");
    await origin.answers("/a", fresh, { ...fresh, body: "b", headers: { "cache-control": "max-age=60", etag: '"2"' } });
    await (await here.visit("/a")).text();
    await settle();
    expect(await (await there.visit("/a", { headers: { "cache-control": "no-cache" } })).text()).toBe("b");
    expect(await origin.seen()).toHaveLength(2);
  });
});

describe("freshness", () => {
  test("a rule's ttl counts from the answer's arrival at the shield, and not once more at the location", async () => {
    const { here, there, settle } = createShielded({ vars: site({ ttl: "60s" }) });
    const origin = here.origin("frankfurt");
    await origin.answers("/a", { body: "a", headers: { age: "1000" } });
    await (await here.visit("/a")).text();
    await settle();
    here.clock.advance(50);
    await (await there.visit("/a")).text();
    await settle();
    expect(cacheStatus(await there.visit("/a"))).toBe("hit; ttl=10");
    here.clock.advance(11);
    expect(shielded(await there.visit("/a"))).toMatch(/^perigee-shield; fwd=stale; .*, perigee; fwd=stale/);
    expect(await origin.seen()).toHaveLength(2);
  });

  test("a refresh behind the client's back is not content with what is as old at the shield", async () => {
    const { here, there, settle } = createShielded();
    const origin = here.origin("frankfurt");
    const headers = { "cache-control": "max-age=60, stale-while-revalidate=60", etag: '"1"' };
    await origin.answers("/a", { body: "a", headers }, { status: 304, headers });
    for (const place of [here, there]) {
      await (await place.visit("/a")).text();
      await settle();
    }
    here.clock.advance(70);
    expect(cacheStatus(await here.visit("/a"))).toBe("hit; ttl=-10");
    await settle();
    expect(cacheStatus(await here.visit("/a"))).toBe("hit; ttl=60");
    // Now the shield has a fresh one: no other location asks the origin for it.
    expect(cacheStatus(await there.visit("/a"))).toBe("hit; ttl=-10");
    await settle();
    expect(cacheStatus(await there.visit("/a"))).toBe("hit; ttl=60");
    expect(await origin.seen()).toHaveLength(2);
  });

  test("what the origin says to caches reaches the location's, and no client", async () => {
    const { here, settle, asked } = createShielded();
    const headers = { "cdn-cache-control": "max-age=60", "cache-control": "no-store", "cache-tag": "news" };
    await here.origin("frankfurt").answers("/a", { body: "a", headers });
    const first = await here.visit("/a");
    expect(first.headers.has("cache-tag")).toBe(false);
    await first.text();
    await settle();
    expect(cacheStatus(await here.visit("/a"))).toBe("hit; ttl=60");
    await here.edge.marks.add([{ scope: "tag", name: "news", at: here.clock.now, soft: false }]);
    await (await here.visit("/a")).text();
    expect(asked).toHaveLength(3);
  });
});

describe("what is no longer true", () => {
  const tagged = (body: string): OriginAnswer => ({
    body,
    headers: { "cache-control": "max-age=600", "cache-tag": "news", etag: `"${body}"` },
  });
  const mark = (at: number, soft: boolean): Mark => ({ scope: "tag", name: "news", at, soft });

  test.each([
    ["hard", false],
    ["soft", true],
  ])("a %s purge that the location knows, and the shield doesn't yet, brings nothing old back", async (_, soft) => {
    const { here, there, settle } = createShielded();
    const origin = here.origin("frankfurt");
    await origin.answers("/a", tagged("old"), tagged("new"));
    await (await there.visit("/a")).text();
    await settle();
    here.clock.advance(10);
    await here.edge.marks.add([mark(here.clock.now, soft)]);
    here.clock.advance(1);
    // It has nothing of it, and the shield has the old one.
    const answer = await here.visit("/a");
    expect(await answer.text()).toBe("new");
    await settle();
    expect(cacheStatus(await here.visit("/a"))).toBe("hit; ttl=600");
    const [, second] = await origin.seen();
    expect(second!.headers["if-none-match"]).toBe(soft ? '"old"' : undefined);
  });

  test("an answer that a location stores counts as asked for when the shield asked for it", async () => {
    const { here, there, settle } = createShielded();
    await here.origin("frankfurt").answers("/a", tagged("old"), tagged("new"));
    await (await there.visit("/a")).text();
    await settle();
    const purgedAt = (here.clock.now += 10_000);
    here.clock.advance(10);
    await (await here.visit("/a")).text(); // the old one; nobody here knows of the purge yet
    await settle();
    await here.edge.marks.add([mark(purgedAt, false)]);
    expect(await (await here.visit("/a")).text()).toBe("new");
  });

  test("a change by an unsafe method is known to the shield when its client has the answer", async () => {
    const { here, there, settle } = createShielded();
    const origin = here.origin("frankfurt");
    await origin.answers("/a", { ...fresh, body: "a" }, { status: 204 }, { ...fresh, body: "b" });
    for (const place of [here, there]) {
      await (await place.visit("/a")).text();
      await settle();
    }
    expect((await here.visit("/a", { method: "PUT", body: "b" })).status).toBe(204);
    expect(await (await here.visit("/a")).text()).toBe("b");
  });

  test("a change by an unsafe method covers what is kept for other visits, at the shield too", async () => {
    const { here, there, settle } = createShielded({ vars: site({ key: { device: true } }) });
    const answers = ["d", "p", "x", "n", "m"].map((body) => ({ ...fresh, body }));
    await here.origin("frankfurt").answers("/a", ...answers);
    const phone = { headers: { "user-agent": "Mozilla/5.0 (iPhone; CPU iPhone OS 17_0 like Mac OS X) Mobile/15E148" } };
    for (const options of [{}, phone]) {
      await (await here.visit("/a", options)).text();
      await settle();
    }
    here.clock.advance(1);
    await here.visit("/a", { method: "PUT", body: "b" });
    expect(await (await there.visit("/a", phone)).text()).toBe("n");
    expect(await (await here.visit("/a")).text()).toBe("m");
  });
});

describe("failures", () => {
  test("an origin that fails the shield has failed the location: it is asked no more, and the reason stays", async () => {
    const { here } = createShielded();
    const names = ["frankfurt", "virginia", "singapore"] as const;
    for (const name of names) await here.origin(name).answers("/a", { breaks: "before" });
    const answer = await here.visit("/a");
    expect(answer.status).toBe(502);
    expect(cacheStatus(answer)).toBe("fwd=uri-miss; detail=no-origin-answered");
    for (const name of names) expect(await here.origin(name).seen()).toHaveLength(1);
    expect(here.log[0]!["trail"]).toContainEqual(expect.stringMatching(/^shield=weur\.\d:uri-miss/));
    expect(here.log[0]!["trail"]).toContainEqual(expect.stringMatching(/^origin=virginia:connection/));
  });

  test("a stale answer of the location stands in for an origin that fails the shield", async () => {
    const forgetful = { ...createMemoryStore(), match: async () => undefined };
    const { here, settle } = createShielded({ vars: site({ stale: "1h" }), shieldPorts: { store: forgetful } });
    const names = ["frankfurt", "virginia", "singapore"] as const;
    await here.origin("frankfurt").answers("/a", fresh, { breaks: "before" });
    for (const name of names.slice(1)) await here.origin(name).answers("/a", { breaks: "before" });
    await (await here.visit("/a")).text();
    await settle();
    here.clock.advance(7000 - 60);
    const answer = await here.visit("/a", { headers: { "cache-control": "max-age=0" } });
    expect(answer.status).toBe(502);
    here.clock.advance(-6000);
    const stale = await here.visit("/a", { headers: { "cache-control": "max-age=10" } });
    expect([stale.status, cacheStatus(stale)]).toEqual([200, "fwd=request; ttl=-880; detail=stale-if-error"]);
  });

  test.for([
    ["is down", { breaks: "before" }],
    ["is overloaded", { status: 503 }],
    [
      "breaks a short body off",
      { headers: { "cache-control": "max-age=60", "content-length": "1000" }, bytes: 1_000, breaks: 500 },
    ],
    [
      "breaks a long body off",
      { headers: { "cache-control": "max-age=60", etag: '"v1"' }, bytes: 400_000, ranges: true, breaks: 300_000 },
    ],
  ] as const)(
    "an origin that %s costs the location nothing: the shield asks the next one, once for all",
    async ([, broken]) => {
      const { here, there, asked, settle } = createShielded();
      const bytes = "bytes" in broken ? broken.bytes : 1_000;
      const headers = { "cache-control": "max-age=60", etag: '"v1"' };
      await here.origin("frankfurt").answers("/a", broken);
      await here.origin("virginia").answers("/a", { headers, bytes, ranges: true });
      for (const place of [here, there, here]) {
        const response = await place.visit("/a");
        expect([response.status, (await response.arrayBuffer()).byteLength]).toEqual([200, bytes]);
        await settle();
      }
      const seen = await Promise.all((["frankfurt", "virginia"] as const).map((name) => here.origin(name).seen()));
      expect(seen.map(({ length }) => length)).toEqual([1, 1]);
      expect(asked).toHaveLength(2);
    },
  );

  test("a body that breaks off at the origin breaks off at the client, and is stored nowhere", async () => {
    const { here, there, settle } = createShielded();
    const headers = { "cache-control": "max-age=60" };
    const whole = { bytes: 300_000, headers };
    const broken = { ...whole, breaks: 200_000 };
    const sized = { ...broken, headers: { ...headers, "content-length": "300000" } };
    for (const [path, answer] of [["/a", broken] as const, ["/b", sized] as const]) {
      await here.origin("frankfurt").answers(path, answer, whole);
      await expect((await here.visit(path)).arrayBuffer()).rejects.toThrow();
      await settle();
      here.clock.advance(10); // what broke off was for nobody else, and so long is taken to be
      for (const place of [here, there])
        expect((await (await place.visit(path)).arrayBuffer()).byteLength).toBe(300_000);
      await settle();
    }
    expect(await here.origin("frankfurt").seen()).toHaveLength(4);
  });

  test.each([
    ["that can't be reached", new Error("no such object"), "unreachable"],
    ["that gives no sign of life", new DOMException("silence", "TimeoutError"), "silent"],
  ])("a shield %s is passed by, and the trail says so", async (_, error, word) => {
    const { here, settle } = createShielded({
      way: () => ({ ask: () => Promise.reject(error), forget: () => Promise.reject(error) }),
    });
    await here.origin("frankfurt").answers("/a", fresh, { status: 204 });
    const answer = await here.visit("/a");
    expect([answer.status, await answer.text()]).toEqual([200, "a"]);
    expect(shielded(answer)).toBe("perigee; fwd=uri-miss; fwd-status=200; stored");
    await settle();
    expect(cacheStatus(await here.visit("/a"))).toBe("hit; ttl=60");
    expect(here.log[0]!["trail"]).toContainEqual(expect.stringMatching(`^shield=weur\\.\\d:${word} 0ms$`));

    expect((await here.visit("/a", { method: "DELETE" })).status).toBe(204);
    expect(here.log[2]!["trail"]).toContain("cache=not-invalidated");
  });

  test("a shield that isn't bound is passed by", async () => {
    const world = createWorld({ vars: site({}) });
    await world.origin("frankfurt").answers("/a", fresh);
    expect(await (await world.visit("/a")).text()).toBe("a");
    expect(world.log[0]!["trail"]).toContainEqual(expect.stringMatching(/^shield=weur\.\d:not-bound/));
  });

  test("a shield whose config would refuse or answer the visit itself leaves it to the location", async () => {
    const vars = { SITES: [{ hosts: ["other.example.com"] }] };
    const { here } = createShielded({ shieldVars: vars });
    await here.origin("frankfurt").answers("/a", fresh);
    expect(await (await here.visit("/a")).text()).toBe("a");
    expect(here.log[0]!["trail"]).toContainEqual(expect.stringMatching(/^shield=weur\.\d:declined/));
  });
});

describe("the way to the origin", () => {
  test("the origin sees one edge, and whose request it is", async () => {
    const { here } = createShielded();
    const origin = here.origin("frankfurt");
    await origin.answers("/a", fresh);
    await here.visit("/a", { headers: { cookie: "a=b" } });
    const [seen] = await origin.seen();
    expect(seen!.headers).toMatchObject({
      via: "1.1 perigee",
      "cdn-loop": "perigee",
      "x-forwarded-for": "192.0.2.1",
      "x-forwarded-host": "www.example.com",
      cookie: "a=b",
    });
  });

  test("a request that has been here before is a loop", async () => {
    const { here } = createShielded();
    const answer = await here.visit("/a", { headers: { "cdn-loop": "perigee" } });
    expect([answer.status, cacheStatus(answer)]).toEqual([508, "detail=loop"]);
    expect(await here.origin("frankfurt").seen()).toEqual([]);
  });

  test("links are mapped and the origin hidden before the answer comes to the location", async () => {
    const { here, there, settle } = createShielded();
    const origin = here.origin("frankfurt");
    const body = `<a href="${origin.url}/b">b</a>`;
    const headers = {
      "content-type": "text/html",
      "cache-control": "max-age=60",
      server: "secret/1",
      "x-backend": "s",
    };
    await origin.answers("/a", { body, headers });
    for (const place of [here, there]) {
      const page = await place.visit("/a");
      expect(page.headers.has("server") || page.headers.has("x-backend")).toBe(false);
      expect(await page.text()).toBe('<a href="https://www.example.com/b">b</a>');
      await settle();
    }
  });

  test("rules act at both: on the target and the request at the shield, on the response at the location", async () => {
    const edits = {
      request: { set: { "x-to-origin": "yes" } },
      response: { set: { "x-to-client": "${client.country}" } },
    };
    const { here, there, settle } = createShielded({
      vars: { RULES: [{ when: 'client.country != ""', rewrite: { path: "/b" }, headers: edits }] },
    });
    const origin = here.origin("frankfurt");
    await origin.answers("/b", fresh);
    const visits = [[here, berlin, "DE"] as const, [there, tokyo, "JP"] as const];
    for (const [place, from, country] of visits) {
      const answer = await place.visit("/a", { from });
      expect([answer.headers.get("x-to-client"), await answer.text()]).toEqual([country, "a"]);
      await settle();
    }
    expect((await origin.seen()).map(({ target, headers }) => [target, headers["x-to-origin"]])).toEqual([
      ["/b", "yes"],
    ]);
  });

  test("the origin nearest to the shield is asked, whoever comes first", async () => {
    const { here } = createShielded({
      vars: { SITES: [{ hosts: ["www.example.com"], cache: { shield: "weur" } }] },
    });
    for (const name of ["frankfurt", "singapore"] as const) await here.origin(name).answers("/a", { body: name });
    expect(await (await here.visit("/a", { from: tokyo })).text()).toBe("frankfurt");
  });

  test("a client that sticks to an origin is sent there through the shield as well", async () => {
    const sites = [{ hosts: ["www.example.com"], balance: "round-robin", sticky: "1h", cache: { shield: "weur" } }];
    const { here, there, settle } = createShielded({ vars: { SITES: sites, SIGNING_KEY: "a key for tests" } });
    for (const name of ["frankfurt", "virginia", "singapore"] as const) {
      await here.origin(name).answers("/", { body: name, headers: { "cache-control": "private" } });
      await here.origin(name).answers("/mine", { body: name, headers: { "cache-control": "private" } });
    }
    // What comes by way of a shield sticks to nobody; the next one goes past it.
    expect((await here.visit("/")).headers.getSetCookie()).toEqual([]);
    await settle();
    const direct = await here.visit("/");
    const name = await direct.text();
    const cookie = direct.headers.getSetCookie()[0]!.split(";")[0]!;
    for (const place of [there, here, there, here])
      expect(await (await place.visit("/mine", { headers: { cookie } })).text()).toBe(name);
  });

  test("a shield without a region is where the first origin is", async () => {
    const { here, asked } = createShielded({
      vars: { SITES: [{ hosts: ["www.example.com"], origins: ["singapore", "virginia"], cache: { shield: true } }] },
    });
    await here.origin("singapore").answers("/a", fresh);
    expect(await (await here.visit("/a")).text()).toBe("a");
    expect(asked.map(({ region }) => region)).toEqual(["apac"]);
  });
});
