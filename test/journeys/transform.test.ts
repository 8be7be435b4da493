import { describe, expect, inject, test } from "vitest";
import { berlin, createWorld, tokyo } from "../harness/world.ts";

describe("addresses of origins", () => {
  test("a redirect to the origin leads to the visited host", async () => {
    const world = createWorld();
    const to = `${world.origin("frankfurt").url}/new?a=1`;
    await world.origin("frankfurt").answers("/old", { status: 301, headers: { location: to } });
    const response = await world.visit("/old");
    expect(response.status).toBe(301);
    expect(response.headers.get("location")).toBe("https://www.example.com/new?a=1");
  });

  test("a redirect that is written without a host loses the origin's base path", async () => {
    const world = createWorld();
    await world.origin("frankfurt").answers("/old", {
      status: 302,
      headers: { location: `${new URL(world.origin("frankfurt").url).pathname}/new` },
    });
    expect((await world.visit("/old")).headers.get("location")).toBe("/new");
  });

  test("a redirect to somebody else stays", async () => {
    const world = createWorld();
    const to = `http://127.0.0.1:${inject("originPorts")["nobody"]}/x`;
    await world.origin("frankfurt").answers("/old", { status: 302, headers: { location: to } });
    expect((await world.visit("/old")).headers.get("location")).toBe(to);
  });

  test("a cookie for the origin's host is one for the visited host", async () => {
    const world = createWorld();
    await world.origin("frankfurt").answers("/login", {
      headers: [
        ["set-cookie", "sid=1; Domain=127.0.0.1; Path=/; HttpOnly"],
        ["set-cookie", "lang=en; Expires=Wed, 09 Jun 2027 10:18:14 GMT"],
      ],
    });
    expect((await world.visit("/login")).headers.getSetCookie()).toEqual([
      "sid=1; Domain=www.example.com; Path=/; HttpOnly",
      "lang=en; Expires=Wed, 09 Jun 2027 10:18:14 GMT",
    ]);
  });

  test("links in a page lead to the visited host, from the origin and from the cache alike", async () => {
    const world = createWorld();
    const [frankfurt, virginia] = [world.origin("frankfurt").url, world.origin("virginia").url];
    const page = (one: string, other: string) =>
      `<!doctype html><a href="${one}/a?b=1&amp;c=2">a</a><img src='/i.png' srcset="${other}/2.png 2x">` +
      `<p>text that names ${frankfurt}/ stays</p>`;
    await world.origin("frankfurt").answers("/page", {
      headers: { "content-type": "text/html", "cache-control": "max-age=60", etag: '"v1"' },
      body: page(frankfurt, virginia),
    });
    const expected = page("https://www.example.com", "https://www.example.com");

    const miss = await world.visit("/page");
    expect(await miss.text()).toBe(expected);
    expect(miss.headers.get("etag")).toBe('W/"v1"');
    await world.settle();

    const hit = await world.visit("/page");
    expect(await hit.text()).toBe(expected);
    expect(await world.origin("frankfurt").seen()).toHaveLength(1);

    const again = await world.visit("/page", { headers: { "if-none-match": 'W/"v1"' } });
    expect(again.status).toBe(304);
  });

  test("pages of the http and the https site are kept apart", async () => {
    const world = createWorld();
    await world.origin("frankfurt").answers("/page", {
      headers: { "content-type": "text/html", "cache-control": "max-age=60" },
      body: `<a href="${world.origin("frankfurt").url}/a">`,
    });
    for (const scheme of ["http", "https"]) {
      expect(await (await world.visit(`${scheme}://www.example.com/page`)).text()).toBe(
        `<a href="${scheme}://www.example.com/a">`,
      );
      await world.settle();
    }
  });
});

describe("header rules", () => {
  test("apply to this visit's answer, also from the cache", async () => {
    const world = createWorld({
      vars: {
        RULES: [
          {
            name: "say where",
            when: "true",
            headers: { response: { set: { "x-from": "${client.country}" }, remove: ["x-internal"] } },
          },
        ],
      },
    });
    await world.origin("frankfurt").answers("/a", {
      headers: { "cache-control": "max-age=60", "x-internal": "1", "content-type": "text/plain" },
      body: "a",
    });
    const first = await world.visit("/a");
    await first.text();
    await world.settle();
    const second = await world.visit("/a", { from: { country: "FR", latitude: "50", longitude: "8" } });
    await second.text();
    expect([first, second].map(({ headers }) => headers.get("x-from"))).toEqual(["DE", "FR"]);
    expect([first, second].map(({ headers }) => headers.get("x-internal"))).toEqual([null, null]);
    expect(await world.origin("frankfurt").seen()).toHaveLength(1);
  });

  test("texts of the answer's fields know the answer, and are made after the store, by visit", async () => {
    const set = {
      "x-said": "${response.status} ${response.headers['content-type']} to ${client.country}",
      "x-long": "${response.status == 200 && response.headers['cache-control'].contains('max-age')}",
      "x-none": "${response.headers['x-missing']}",
    };
    const rule = { headers: { response: { rename: { "x-old": "x-new", "x-absent": "x-kept" }, set } } };
    const world = createWorld({ vars: { RULES: [rule] } });
    const headers = {
      "content-type": "text/x",
      "cache-control": "max-age=60",
      "x-old": "1",
      "x-new": "2",
      "x-kept": "3",
    };
    await world.origin("frankfurt").answers("/a", { body: "a", headers });
    for (const [country, from] of [
      ["DE", berlin],
      ["JP", tokyo],
    ] as const) {
      const response = await world.visit("/a", { from });
      await response.text();
      await world.settle();
      const got = ["x-said", "x-long", "x-none", "x-old", "x-new", "x-kept"].map((name) => response.headers.get(name));
      expect(got).toEqual([`200 text/x to ${country}`, "true", null, null, "1", "3"]);
    }
    expect(await world.origin("frankfurt").seen()).toHaveLength(1);
  });

  test("a field of the request goes under another name to the origin", async () => {
    const world = createWorld({ vars: { RULES: [{ headers: { request: { rename: { "X-Old": "X-New" } } } }] } });
    await world.origin("frankfurt").answers("/a", { body: "a" });
    await (await world.visit("/a", { headers: { "x-old": "1", "x-new": "2" } })).text();
    const [seen] = await world.origin("frankfurt").seen();
    expect([seen!.headers["x-old"], seen!.headers["x-new"]]).toEqual([undefined, "1"]);
  });

  test("security headers come after the store: by visit, and none of them is kept", async () => {
    const world = createWorld({ vars: { RULES: [{ when: '"x-safe" in request.headers', security: true }] } });
    await world.origin("frankfurt").answers("/a", { body: "a", headers: { "cache-control": "max-age=60" } });
    const policies: (string | null)[] = [];
    for (const headers of [{ "x-safe": "1" }, {}, { "x-safe": "1" }] as Record<string, string>[]) {
      const response = await world.visit("/a", { headers });
      await response.text();
      await world.settle();
      policies.push(response.headers.get("x-frame-options"));
    }
    expect(policies).toEqual(["SAMEORIGIN", null, "SAMEORIGIN"]);
    expect(await world.origin("frankfurt").seen()).toHaveLength(1);
  });

  test("security headers come on demand", async () => {
    const world = createWorld({ vars: { RULES: [{ name: "safe", when: 'request.path == "/safe"', security: true }] } });
    const origin = world.origin("frankfurt");
    await origin.answers("/safe", { body: "a" });
    await origin.answers("/plain", { body: "a" });
    const [safe, plain] = [await world.visit("/safe"), await world.visit("/plain")];
    expect(safe.headers.get("strict-transport-security")).toContain("max-age=");
    expect(safe.headers.get("x-content-type-options")).toBe("nosniff");
    expect(plain.headers.get("x-content-type-options")).toBeNull();
  });
});

describe("a body that isn't in the coding that it claims", () => {
  const claimed = { "content-encoding": "gzip", "cache-control": "max-age=60" };

  test.each([
    ["of a page, whose links are mapped", "text/html", "gzip"],
    ["of a file, for a client that doesn't accept the coding", "text/css", "identity"],
  ])("%s, is answered with 502", async (_, type, accepted) => {
    const world = createWorld({ vars: { SETTINGS: { tries: 1 } } });
    const headers = { ...claimed, "content-type": type };
    await world.origin("frankfurt").answers("/a", { headers, body: "plain text" });
    const response = await world.visit("/a", { headers: { "accept-encoding": accepted } });
    expect(response.status).toBe(502);
    expect(await response.text()).toContain("gave an answer that can't be used");
  });
});
