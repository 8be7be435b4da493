import { describe, expect, test } from "vitest";
import type { OriginAnswer } from "../harness/origin-answer.ts";
import { createShielded } from "../harness/shielded.ts";
import { cacheStatus, createWorld, type World } from "../harness/world.ts";

async function worldWith(cookies: object, answer: OriginAnswer = { body: "a" }): Promise<World> {
  const world = createWorld({ vars: { RULES: [{ name: "cookies", cookies }] } });
  await world.origin("frankfurt").answers("/a", answer);
  return world;
}

const setting = (...lines: string[]): OriginAnswer => ({
  body: "a",
  headers: { "set-cookie": lines as unknown as string },
});

/** What a client gets of these lines. */
async function setBy(cookies: object, ...lines: string[]): Promise<string[]> {
  const world = await worldWith(cookies, setting(...lines));
  const response = await world.visit("/a");
  await response.text();
  return response.headers.getSetCookie();
}

/** What the origin gets of this field. */
async function sentBy(cookies: object, cookie: string): Promise<string | undefined> {
  const world = await worldWith(cookies);
  await (await world.visit("/a", { headers: { cookie } })).text();
  return (await world.origin("frankfurt").seen())[0]!.headers["cookie"];
}

describe("the answer's cookies", () => {
  test.each<[change: object, line: string, changed: string[]]>([
    [{ secure: true, httpOnly: true, sameSite: "Lax" }, "a=1; Path=/", ["a=1; Path=/; Secure; HttpOnly; SameSite=Lax"]],
    [{ secure: true }, "a=1; SECURE; path=/", ["a=1; path=/; Secure"]],
    [
      { secure: false, domain: false, path: false },
      "a=1;Secure; Domain=x.example ;HttpOnly; path=/b",
      ["a=1;HttpOnly"],
    ],
    [{ domain: "example.com", path: "/" }, "a=b=c; Path=/x; Path=/y", ["a=b=c; Domain=example.com; Path=/"]],
    [{ sameSite: "None" }, "a=1", ["a=1; Secure; SameSite=None"]],
    [{ names: ["b", "s*"], secure: true }, "a=1", ["a=1"]],
    [{ names: ["b", "s*"], secure: true }, "session=1", ["session=1; Secure"]],
    [{ names: ["a"], remove: true }, "a=1", []],
    [{ names: ["a"], prefix: "__Host-" }, "a=1; Domain=www.example.com; Path=/x", ["__Host-a=1; Path=/; Secure"]],
    [{ names: ["a"], prefix: "__Secure-" }, "a=1; Path=/x", ["__Secure-a=1; Path=/x; Secure"]],
    [{ names: ["a"], prefix: "__Host-" }, "__Host-a=1", ["__Host-a=1"]],
  ])("%j: %s", async (change, line, changed) => expect(await setBy({ response: change }, line)).toEqual(changed));

  test("one change after the other, each line by itself", async () => {
    const changes = [{ secure: true }, { names: ["b"], remove: true }, { names: ["c"], sameSite: "Strict" }];
    expect(await setBy({ response: changes }, "a=1", "b=2", "c=3")).toEqual([
      "a=1; Secure",
      "c=3; Secure; SameSite=Strict",
    ]);
  });

  test("what is stored keeps them as the origin set them: they are changed after the store, by visit", async () => {
    const answer = { body: "a", headers: { "set-cookie": "a=1", "cache-control": "max-age=60" } };
    const forApp = { when: '"x-app" in request.headers', cookies: { response: { secure: true } } };
    const world = createWorld({ vars: { RULES: [{ cache: { storeSetCookie: true } }, forApp] } });
    await world.origin("frankfurt").answers("/a", answer);
    const visit = async (headers: Record<string, string>): Promise<[string[], string]> => {
      const response = await world.visit("/a", { headers });
      await response.text();
      await world.settle();
      return [response.headers.getSetCookie(), cacheStatus(response)];
    };
    expect(await visit({ "x-app": "1" })).toEqual([["a=1; Secure"], "fwd=uri-miss; fwd-status=200; stored"]);
    expect(await visit({})).toEqual([["a=1"], "hit; ttl=60"]);
    expect(await visit({ "x-app": "1" })).toEqual([["a=1; Secure"], "hit; ttl=60"]);
  });
});

describe("the request's cookies", () => {
  test.each<[edits: object, cookie: string, sent: string | undefined]>([
    [{ remove: ["_ga*", "x"] }, "_ga=1; a=2; _gat=3; x=4; xy=5", "a=2; xy=5"],
    [{ keep: ["session", "l*"] }, "session=1; lang=de; theme=dark", "session=1; lang=de"],
    [{ keep: ["s*"], remove: ["st"] }, "s=1; st=2; su=3", "s=1; su=3"],
    [{ keep: ["none"] }, "a=1; b=2", undefined],
    [{ remove: ["none"] }, "a=1;b=2 ;c", "a=1;b=2 ;c"],
  ])("%j: %s", async (request, cookie, sent) => expect(await sentBy({ request }, cookie)).toBe(sent));

  const hosted = { response: { names: ["session", "l*"], prefix: "__Host-" } };
  test.each([
    ["__Host-session=1; a=2; __Host-lang=de", "session=1; a=2; lang=de"],
    // Whoever could set one without the prefix, such as a neighbouring host, can set none with it.
    ["session=evil; __Host-session=good", "session=good"],
    ["session=evil", undefined],
    ["__Host-other=1", "__Host-other=1"],
    ["__host-session=1", "__host-session=1"],
  ])("a prefix is taken off, and what should have one and hasn't is dropped: %s", async (cookie, sent) =>
    expect(await sentBy(hosted, cookie)).toBe(sent),
  );

  test("those that the origin doesn't get make no answer one of its own: they are taken out before the store", async () => {
    const world = await worldWith(
      { request: { keep: ["session"] } },
      { body: "a", headers: { "last-modified": "Mon, 05 Jan 2026 00:00:00 GMT" } },
    );
    const visit = async (cookie: string): Promise<string> => {
      const response = await world.visit("/a", { headers: { cookie } });
      await response.text();
      await world.settle();
      return cacheStatus(response);
    };
    expect(await visit("session=1; theme=dark")).toContain("detail=cookie");
    expect(await visit("theme=dark")).toBe("fwd=miss; fwd-status=200; stored");
    expect(await visit("theme=light")).toMatch(/^hit/);
  });

  test("at a shield, too, each is taken off once", async () => {
    const { here, settle } = createShielded({ vars: { RULES: [{ cookies: hosted }] } });
    const origin = here.origin("frankfurt");
    await origin.answers("/a", { body: "a", headers: { "cache-control": "max-age=60" } });
    await (await here.visit("/a", { headers: { cookie: "__Host-session=1" } })).text();
    await settle();
    expect((await origin.seen()).map(({ headers }) => headers["cookie"])).toEqual(["session=1"]);
  });
});

test("the edge's own cookie is none of them", async () => {
  const world = createWorld({
    vars: {
      SITES: [{ hosts: ["www.example.com"], sticky: { for: "1h", cookie: "home" }, balance: "first" }],
      RULES: [{ cookies: { request: { keep: ["none"] }, response: { remove: true } } }],
      SIGNING_KEY: "0123456789abcdef0123456789abcdef",
    },
  });
  await world
    .origin("frankfurt")
    .answers("/a", { body: "a", headers: { "cache-control": "no-store", "set-cookie": "a=1" } });
  const response = await world.visit("/a");
  await response.text();
  expect(response.headers.getSetCookie()).toEqual([expect.stringMatching(/^home=/) as string]);
  const home = response.headers.getSetCookie()[0]!.split(";")[0]!;
  const again = await world.visit("/a", { headers: { cookie: home } });
  await again.text();
  expect(again.headers.getSetCookie()).toEqual([]);
});
