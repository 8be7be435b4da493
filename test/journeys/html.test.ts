/** HTML pages on their way: links, edits, nonces and hints; on which side of the store each is, and what others get of it. */
import { gzipSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import { createWorld, type VisitOptions, type World } from "../harness/world.ts";

const fields = { "content-type": "text/html;charset=utf-8", "cache-control": "public, max-age=60", etag: '"v1"' };

async function worldWith(body: string, rules: readonly object[], headers: Record<string, string> = {}): Promise<World> {
  const world = createWorld({ vars: { RULES: rules, SETTINGS: { trail: true } } });
  await world.origin("frankfurt").answers("/dir/page", { body, headers: { ...fields, ...headers } });
  return world;
}

async function read(world: World, init: VisitOptions = {}) {
  const response = await world.visit("/dir/page", init);
  const text = await response.text();
  await world.settle();
  const header = (name: string): string => response.headers.get(name) ?? "";
  return { text, header, isHit: header("cache-status").includes("hit"), trail: header("perigee-trail") };
}

const cookie = (value: string): VisitOptions => ({ headers: { cookie: value } });

const nonceOf = (text: string): string => /nonce-([^']*)'/.exec(text)?.[1] ?? "";

describe("links in JSON", () => {
  test("are mapped by rule, once, before the store", async () => {
    const world = await worldWith("", [{ links: { scripts: ["application/ld+json"] } }]);
    const { url, base } = world.edge.config.origins.find(({ name }) => name === "frankfurt")!;
    const origin = url.origin + base;
    const at = (host: string) =>
      `<script type="application/LD+json">{"url":"${host}/a"}</script><script>"${origin}"</script>`;
    await world.origin("frankfurt").answers("/dir/page", { body: at(origin), headers: fields });
    const [first, second] = [await read(world), await read(world)];
    expect([first.text, second.text]).toEqual(Array(2).fill(at("https://www.example.com")));
    expect([second.isHit, second.trail.includes("shape")]).toEqual([true, false]);
  });
});

describe("a nonce", () => {
  const page = "<head><script>1</script></head>";
  const csp = { "content-security-policy": "script-src 'self'" };

  test("is another for each visit of a stored page, in its policy and on its scripts", async () => {
    const world = await worldWith(page, [{ nonce: true }], csp);
    const [one, other] = [await read(world), await read(world)];
    const nonces = [one, other].map(({ header }) => nonceOf(header("content-security-policy")));
    expect([one, other].map(({ text }) => text)).toEqual(
      nonces.map((nonce) => page.replace(">1", ` nonce="${nonce}">1`)),
    );
    expect(nonces[0]).toMatch(/^[A-Za-z0-9+/]{22}==$/);
    expect(nonces[0]).not.toBe(nonces[1]);
    expect([other.isHit, other.header("etag"), other.header("cache-control")]).toEqual([
      true,
      "",
      "public, max-age=60, private",
    ]);
  });

  test("takes the place of the one that an origin sent to the first visitor", async () => {
    const own = { "content-security-policy": "script-src 'nonce-first'" };
    const world = await worldWith(page.replace(">1", " nonce=first>1"), [{ nonce: true }], own);
    for (const { text, header } of [await read(world), await read(world)]) {
      expect(text + header("content-security-policy")).not.toContain("first");
      expect(text).toContain(`nonce="${nonceOf(header("content-security-policy"))}"`);
    }
  });

  test("is what texts and fields of rules call by its name", async () => {
    const world = await worldWith("<head></head>", [
      { nonce: true, html: [{ at: "head", append: '<script nonce="${nonce}">1</script>' }] },
      { headers: { response: { set: { "content-security-policy": "script-src 'nonce-${nonce}' a" } } } },
    ]);
    const { text, header } = await read(world);
    const nonce = nonceOf(header("content-security-policy"));
    expect(nonce).not.toBe("");
    expect(text).toBe(`<head><script nonce="${nonce}">1</script></head>`);
    expect(header("content-security-policy")).toBe(`script-src 'nonce-${nonce}' a`);
  });

  test("is not in the policy of what isn't marked: another charset, no page", async () => {
    for (const type of ["text/html;charset=koi8-r", "text/css"]) {
      const world = await worldWith(page, [{ nonce: true }], { ...csp, "content-type": type });
      const { text, header } = await read(world);
      expect([text, header("content-security-policy")]).toEqual([page, csp["content-security-policy"]]);
    }
    const silent = `<meta charset=koi8-r>${page}`;
    const world = await worldWith(silent, [{ nonce: true }], { ...csp, "content-type": "text/html" });
    const { text, header } = await read(world);
    expect([text, header("content-security-policy")]).toEqual([silent, csp["content-security-policy"]]);
  });

  test("is the page's on what its fragments hold, whatever rules say of those", async () => {
    const own = { "content-security-policy": "script-src 'nonce-first'" };
    const body = '<script nonce=first>1</script><esi:include src="/part"/>';
    const world = await worldWith(body, [{ nonce: true, esi: true }], own);
    const part = "<script nonce=first>2</script><script>3</script>";
    await world.origin("frankfurt").answers("/part", { body: part, headers: fields });
    const { text, header } = await read(world);
    const nonce = nonceOf(header("content-security-policy"));
    expect(text).toBe(`<script nonce="${nonce}">1</script><script nonce="${nonce}">2</script><script>3</script>`);
  });

  test("is there for HEAD, too", async () => {
    const world = await worldWith(page, [{ nonce: true }], csp);
    const { header } = await read(world, { method: "HEAD" });
    expect(nonceOf(header("content-security-policy"))).toMatch(/==$/);
  });
});

test("what a visit gives is escaped, and put in after the store", async () => {
  const world = await worldWith("<p id=a></p>", [{ html: [{ at: "#a", content: 'Hi ${request.headers["x-name"]}' }] }]);
  const headers = { "x-name": "<script>alert(1)</script>" };
  for (const isHit of [false, true]) {
    const visit = await read(world, { headers });
    expect(visit).toMatchObject({ text: "<p id=a>Hi &lt;script&gt;alert(1)&lt;/script&gt;</p>", isHit });
  }
});

describe("hints", () => {
  const page = `<!doctype html><head><link rel=preconnect href=//cdn.example crossorigin>
    <link rel=stylesheet href=a.css?b&amp;c=d><link rel=stylesheet href=/print.css media=print>
    <script src="https://cdn.example/x.js" crossorigin=anonymous integrity="sha384-abc"></script>
    <script src=/m.js type=module></script><script src=old.js nomodule></script><script>inline</script>
    <link rel=preload as=font href=/f.woff2 type=font/woff2 crossorigin><link rel="alternate stylesheet" href=/alt.css>
    <script src="javascript:x"></script><script src="/a.js"></script></head><body><script src=late.js></script>`;
  const links = [
    "<https://cdn.example/>; rel=preconnect; crossorigin",
    "</dir/a.css?b&c=d>; rel=preload; as=style",
    '<https://cdn.example/x.js>; rel=preload; as=script; crossorigin; integrity="sha384-abc"',
    "</m.js>; rel=modulepreload",
    '</f.woff2>; rel=preload; as=font; crossorigin; type="font/woff2"',
    "</a.js>; rel=preload; as=script",
  ];

  test("are learnt from a page's first answer, and sent with those after it", async () => {
    const world = await worldWith(page, [{ preload: true }]);
    const [first, second] = [await read(world), await read(world)];
    expect([first.text, second.text]).toEqual([page, page]);
    expect(first.header("link")).toBe("");
    expect(second.header("link")).toBe(links.join(", "));
    expect([second.isHit, second.trail.includes("hints:6")]).toEqual([true, true]);
  });

  test("as many as the rule says, and what the origin told already is not told twice", async () => {
    const world = await worldWith(page, [{ preload: { most: 3, preconnect: false } }], {
      link: "</m.js>; rel=modulepreload",
    });
    await read(world);
    expect((await read(world)).header("link")).toBe(["</m.js>; rel=modulepreload", ...links.slice(1, 3)].join(", "));
  });

  test("are read against <base>", async () => {
    const world = await worldWith("<base href=/other/><script src=a.js></script>", [{ preload: true }]);
    await read(world);
    expect((await read(world)).header("link")).toBe("</other/a.js>; rel=preload; as=script");
  });

  test.each([
    ["its coding", "gzip", (text: string) => gzipSync(text)],
    ["its codings", "gzip, gzip", (text: string) => gzipSync(gzipSync(text))],
  ])("are learnt of a page that stays in %s, and before it is shown from the store", async (_, codings, pack) => {
    const world = await worldWith("", [{ preload: true }]);
    const base64 = btoa(String.fromCharCode(...pack(`${page}${"<p>a".repeat(500_000)}`)));
    const coded = { ...fields, "cache-control": "max-age=60, no-transform", "content-encoding": codings };
    await world.origin("frankfurt").answers("/dir/page", { base64, headers: coded });
    const headers = { "accept-encoding": "gzip" };
    await read(world, { headers });
    const { header } = await read(world, { headers });
    expect([header("content-encoding"), header("link")]).toEqual([codings, links.join(", ")]);
  });

  test("of another version are learnt anew", async () => {
    const world = await worldWith("<script src=/1.js></script>", [{ preload: true }]);
    await read(world);
    world.clock.advance(61);
    await world
      .origin("frankfurt")
      .answers("/dir/page", { body: "<script src=/2.js></script>", headers: { ...fields, etag: '"v2"' } });
    expect((await read(world)).header("link")).toBe("");
    expect((await read(world)).header("link")).toContain("/2.js");
  });

  test("are not learnt of what is one visitor's", async () => {
    for (const own of ["private", "no-store"]) {
      const world = await worldWith("<script src=/user/1.js></script>", [{ preload: true }], { "cache-control": own });
      await read(world);
      expect((await read(world)).header("link")).toBe("");
    }
  });

  describe("are told with the stored answer alone that they were learnt of", () => {
    const script = (name: string): string => `<script src=/${name}.js></script>`;
    const alone = { "content-type": "text/html", "cache-control": "max-age=60" };

    /** Who comes second is another client with another page: first as such, and then as one that has been there. */
    async function linksOf(world: World, inits: readonly VisitOptions[], headers: Record<string, string>) {
      const links: string[] = [];
      for (const [index, init] of [...inits, ...inits].entries()) {
        const body = script(index % 2 === 0 ? "one" : "other");
        await world.origin("frankfurt").answers("/dir/page", { body, headers });
        links.push((await read(world, init)).header("link"));
      }
      return links;
    }

    const each = ["one", "other"].map((name) => `</${name}.js>; rel=preload; as=script`);

    test.each<
      [of: string, rule: object, headers: Record<string, string>, inits: readonly [VisitOptions, VisitOptions]]
    >([
      ["a cookie", { cache: { key: { cookies: ["id"] } } }, alone, [cookie("id=1"), cookie("id=2")]],
      [
        "a country",
        { cache: { key: { country: true } } },
        alone,
        [{ from: { country: "DE" } }, { from: { country: "FR" } }],
      ],
      ["a field", {}, { ...alone, vary: "x-a" }, [{ headers: { "x-a": "1" } }, { headers: { "x-a": "2" } }]],
      [
        "the origin's date",
        { cache: { key: { cookies: ["id"] } } },
        { ...alone, etag: '"v1"' },
        [cookie("id=1"), cookie("id=2")],
      ],
    ])("by %s", async (_, rule, headers, inits) => {
      const world = await worldWith("", [{ preload: true, ...rule }]);
      expect(await linksOf(world, inits, headers)).toEqual(["", "", ...each]);
    });

    test("by what a rule makes of the page", async () => {
      const find = { find: "one", with: "other" };
      const world = await worldWith(script("one"), [
        { preload: true },
        { when: '"x-a" in request.headers', text: [find] },
      ]);
      await read(world);
      expect((await read(world, { headers: { "x-a": "1" } })).header("link")).toBe("");
      expect((await read(world, { headers: { "x-a": "1" } })).header("link")).toBe(each[1]);
      expect((await read(world)).header("link")).toBe(each[0]);
    });

    test("as the path was visited, though another leads to the same", async () => {
      const match = [{ preload: true, rewrite: { path: "/dir/page" } }];
      const world = await worldWith("<script src=a.js></script>", match);
      for (const path of ["/x/a", "/x/a", "/y/a", "/y/a"]) {
        const response = await world.visit(path);
        await response.body?.cancel();
        await world.settle();
        expect(response.headers.get("link") ?? "").not.toContain(path.startsWith("/y") ? "/x/" : "/y/");
      }
    });

    test("never with the query of the client that they were learnt of", async () => {
      const world = await worldWith("<link rel=preload as=fetch href='#a'><base href='?b'><script src='#c'></script>", [
        { preload: true, cache: { key: { query: "none" } } },
      ]);
      await world.visit("/dir/page?token=1").then((response) => response.text());
      await world.settle();
      expect((await read(world)).header("link")).toBe("</dir/page?b>; rel=preload; as=script");
    });
  });

  test.each<[what: string, edit: object, link: RegExp]>([
    ["a visit changes beside them", { at: "#name", content: "${client.country}" }, /one\.js.*two\.js/],
    ["a visit changes", { at: "[src*=two]", attributes: { src: "/x/${client.country}.js" } }, /^[^,]*one\.js[^,]*$/],
    ["a visit may change by a base", { at: "head", prepend: "<base href='/${client.country}/'>" }, /^$/],
  ])("are learnt of a page as it is stored, but for what %s", async (_, edit, link) => {
    const page = "<head><script src=/one.js></script><script src=/two.js></script></head><body><p id=name>";
    const world = await worldWith(page, [{ preload: true, html: [edit] }]);
    await read(world);
    expect((await read(world)).header("link")).toMatch(link);
  });

  test("are not learnt of a page in whose text, or by whose tags, visits have other addresses", async () => {
    for (const rule of [{ text: [{ find: "one", with: "${client.country}" }] }, { esi: true }]) {
      const world = await worldWith("<script src=/one.js></script>", [{ preload: true, ...rule }]);
      await read(world);
      expect((await read(world)).header("link")).toBe("");
    }
  });

  test("are not learnt of what a browser doesn't load", async () => {
    const inert = "<script src=/no.js></script><template></template><link rel=stylesheet href=/no.css>";
    const page = `<template>${inert}</template><noscript>${inert}</noscript><script src=/yes.js></script>`;
    const world = await worldWith(page, [{ preload: true }]);
    await read(world);
    expect((await read(world)).header("link")).toBe("</yes.js>; rel=preload; as=script");
  });

  test("are learnt of a page that breaks off in its body, and whoever leaves early loses nobody anything", async () => {
    const world = await worldWith(`${page}${"x".repeat(200_000)}`, [{ preload: true }]);
    const response = await world.visit("/dir/page");
    await response.body!.cancel();
    await world.settle();
    expect((await read(world)).text.length).toBeGreaterThan(200_000);
    expect((await read(world)).header("link")).toContain("/a.js");
  });
});
