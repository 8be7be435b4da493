import { describe, expect, test } from "vitest";
import { createWorld, tokyo, type World } from "../harness/world.ts";

async function worldWith(...rules: readonly object[]): Promise<World> {
  const world = createWorld({ vars: { RULES: rules } });
  for (const name of ["frankfurt", "virginia", "singapore"] as const) {
    for (const path of ["/", "/old", "/new", "/a%20b"]) await world.origin(name).answers(path, { body: name });
  }
  return world;
}

describe("a redirect", () => {
  const move = { name: "moved", when: 'request.path.startsWith("/old")' };

  test("sends the client elsewhere, and no origin is asked", async () => {
    const to = "https://new.example${request.path}?${request.query}";
    const world = await worldWith({ ...move, redirect: { to, status: 301 } });
    const response = await world.visit("/old/page%2F1?a=b");
    expect(response.status).toBe(301);
    expect(response.headers.get("location")).toBe("https://new.example/old/page%2F1?a=b");
    expect(await response.text()).toBe("");
    expect(await world.origin("frankfurt").seen()).toEqual([]);
    expect(world.log).toMatchObject([{ status: 301, because: "redirected-by-rule" }]);
    expect(world.log[0]!["trail"]).toContain("route=redirected-by-rule:moved");
  });

  test("is a 302 unless it says otherwise", async () => {
    const world = await worldWith({ ...move, redirect: "/new" });
    const response = await world.visit("/old");
    expect([response.status, response.headers.get("location")]).toEqual([302, "/new"]);
  });

  test("to the visited URL itself would go round for ever, so the page is served instead", async () => {
    const world = await worldWith({ name: "https", when: "true", redirect: "https://www.example.com${request.path}" });
    expect((await world.visit("http://www.example.com/old")).headers.get("location")).toBe(
      "https://www.example.com/old",
    );
    expect(await (await world.visit("https://www.example.com/old")).text()).toBe("frankfurt");
    expect(world.log.at(-1)!["trail"]).toContain("route=redirect-to-itself:https");
  });

  test("doesn't lead to a host that the client wrote into the path", async () => {
    const world = await worldWith({ name: "slash", when: '!request.path.endsWith("/")', redirect: "${request.path}/" });
    const response = await world.visit("https://www.example.com//evil.example/x");
    expect(response.headers.get("location")).toBe("/evil.example/x/");
  });

  test("has no text made of what the client sent that could end the field", async () => {
    const world = await worldWith({
      ...move,
      redirect: '/new?${"x-lang" in request.headers ? "\\r\\nset-cookie: a=b" : ""}',
    });
    const response = await world.visit("/old", { headers: { "x-lang": "1" } });
    expect(response.headers.has("set-cookie")).toBe(false);
    expect(await response.text()).toBe("frankfurt");
    expect(world.log[0]!["trail"]).toContain("route=redirect-unusable:moved");
  });
});

describe("an answer of the edge's own", () => {
  test("has the status, fields and text of its rule, and no origin is asked", async () => {
    const headers = { "content-type": "text/html", "retry-after": "600" };
    const world = await worldWith({
      name: "maintenance",
      when: "true",
      respond: { status: 503, body: "<p>Back soon, ${client.city}</p>", headers },
    });
    const response = await world.visit("/");
    expect(response.status).toBe(503);
    expect(response.headers.get("content-type")).toBe("text/html");
    expect(response.headers.get("retry-after")).toBe("600");
    expect(await response.text()).toBe("<p>Back soon, Berlin</p>");
    expect(await world.origin("frankfurt").seen()).toEqual([]);
    expect(world.log).toMatchObject([{ because: "answered-by-rule" }]);
  });

  const echo = '<p title=\'${request.headers["x-name"]}\'>${request.headers["x-name"]}</p>';
  const name = "'\"><script>alert(1)</script>";
  const escaped = "&#39;&quot;&gt;&lt;script&gt;alert(1)&lt;/script&gt;";
  test.each<[respond: object, said: string]>([
    [{ headers: { "Content-Type": "text/html; charset=utf-8" } }, escaped],
    [{ headers: { "content-type": "image/svg+xml" } }, escaped],
    [{ headers: { "content-type": 'text/${"html"}' } }, escaped],
    [{ headers: { "content-type": "text/html" }, raw: true }, name],
    [{ headers: { "content-type": "text/plain" } }, name],
    [{}, name],
  ])("holds what a visitor says as text: with %j", async (respond, said) => {
    const world = await worldWith({ when: "true", respond: { ...respond, body: echo } });
    const response = await world.visit("/", { headers: { "x-name": name } });
    expect(await response.text()).toBe(`<p title='${said}'>${said}</p>`);
  });

  test("may be empty, and a status that has no body has none", async () => {
    const world = await worldWith({ name: "empty", when: "true", respond: { status: 204, body: "text" } });
    const response = await world.visit("/");
    expect([response.status, await response.text()]).toEqual([204, ""]);
  });
});

describe("a rewrite", () => {
  const targets = async (world: World): Promise<readonly string[]> =>
    (await world.origin("frankfurt").seen()).map(({ target }) => target);

  test("asks the origin for another path, and keeps the query", async () => {
    const world = await worldWith({ name: "rename", when: 'request.path == "/old"', rewrite: { path: "/new" } });
    expect(await (await world.visit("/old?a=b")).text()).toBe("frankfurt");
    expect(await targets(world)).toEqual(["/new?a=b"]);
  });

  test("of the query keeps the path", async () => {
    const world = await worldWith({ name: "plain", when: "true", rewrite: { query: "v=2" } });
    await world.visit("/new?utm_source=x");
    expect(await targets(world)).toEqual(["/new?v=2"]);
  });

  test("never changes the host that is asked", async () => {
    const path = '${request.headers["x-path"]}';
    const world = await worldWith({ name: "by header", when: '"x-path" in request.headers', rewrite: { path } });
    const hosts = [
      "//evil.example/x",
      "\\\\evil.example/x",
      "https://evil.example/x",
      "@evil.example/x",
      ".evil.example/x",
    ];
    for (const written of hosts) await (await world.visit("/", { headers: { "x-path": written } })).text();
    expect(await targets(world)).toEqual([
      "/evil.example/x",
      "/evil.example/x",
      "/https://evil.example/x",
      "/@evil.example/x",
      "/.evil.example/x",
    ]);
  });

  test("to a path that climbs is not done", async () => {
    const path = '/files/${request.headers["x-file"]}';
    const world = await worldWith({ name: "files", when: '"x-file" in request.headers', rewrite: { path } });
    for (const file of ["../secret", "..%2fsecret", "%252e%252e/secret", "%00", "%"]) {
      await (await world.visit("/old", { headers: { "x-file": file } })).text();
    }
    expect(new Set(await targets(world))).toEqual(new Set(["/old"]));
    expect(world.log.at(-1)!["trail"]).toContain("route=rewrite-unusable=files");
  });
});

describe("a choice of origins", () => {
  test("sends visits to another pool", async () => {
    const world = await worldWith({ name: "pilot", when: 'request.path == "/new"', origins: ["virginia"] });
    expect(await (await world.visit("/new")).text()).toBe("virginia");
    expect(await (await world.visit("/old")).text()).toBe("frankfurt");
  });

  test("is the last matching rule's", async () => {
    const world = await worldWith(
      { name: "all", when: "true", origins: ["virginia"] },
      { name: "asia", when: 'client.continent == "AS"', origins: ["singapore"] },
    );
    expect(await (await world.visit("/", { from: tokyo })).text()).toBe("singapore");
    expect(await (await world.visit("/")).text()).toBe("virginia");
  });
});

describe("a rewrite by a pattern", () => {
  /** What the origin is asked for. */
  async function asked(target: string, rewrite: object): Promise<string | undefined> {
    const world = createWorld({ vars: { RULES: [{ name: "rewrite", rewrite }] } });
    await (await world.visit(target)).text();
    return (await world.origin("frankfurt").seen())[0]!.target;
  }

  test.each<[target: string, rewrite: object, asked: string]>([
    ["/p/7/a/b?x=1", { match: "/p/:id/*", to: "/products/:id/:splat" }, "/products/7/a/b?x=1"],
    ["/q/7?x=1", { match: "/p/:id/*", to: "/products/:id/:splat", query: "" }, "/q/7?x=1"],
    ["/caf%C3%A9/x", { match: "/:place/*", to: "/v2/:place/${request.method}/:splat" }, "/v2/caf%C3%A9/GET/x"],
    ["/a%26b/x", { match: "/:q/x", to: "/search", query: "q=:q&n=1" }, "/search?q=a%26b&n=1"],
    ["/a&b/x", { match: "/:q/x", to: "/search", query: "q=:q&n=1" }, "/search?q=a%26b&n=1"],
    ["/caf%C3%A9/x?n=2", { match: "/:q/x", query: { set: { q: ":q", n: "1" } } }, "/caf%C3%A9/x?n=1&q=caf%C3%A9"],
    ["/a?utm_source=x&b=2&a=1", { query: { remove: ["utm_*"], sort: true } }, "/a?a=1&b=2"],
    [
      "/a?b=2&a=1",
      { query: { keep: ["a"], set: { m: "${request.method}", b: "${request.headers.none}" } } },
      "/a?a=1&m=GET",
    ],
    ["/a?t=12:30", { query: "t=12:30&u=:u" }, "/a?t=12:30&u=:u"],
  ])("%s by %j: %s", async (target, rewrite, expected) => expect(await asked(target, rewrite)).toBe(expected));

  test("lies before the store: what is asked for makes the key", async () => {
    const world = createWorld({
      vars: { RULES: [{ rewrite: { match: "/p/:id/*", to: "/products/:id", query: { keep: ["page"] } } }] },
    });
    await world
      .origin("frankfurt")
      .answers("/products/7?page=1", { body: "7", headers: { "cache-control": "max-age=60" } });
    expect(await (await world.visit("/p/7/a?page=1&x=1")).text()).toBe("7");
    await world.settle();
    expect(await (await world.visit("/p/7/b?x=2&page=1")).text()).toBe("7");
    expect(await world.origin("frankfurt").seen()).toHaveLength(1);
  });
});
