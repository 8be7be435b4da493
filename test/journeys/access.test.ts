/** Who is let in, and who isn't: the origin sees nothing of those. */
import { exportJWK, generateKeyPair, SignJWT, type JWTPayload } from "jose";
import { beforeAll, describe, expect, test, vi } from "vitest";
import { toBase64Url } from "../../src/http/base64.ts";
import { textOfSignedUrl, writeUrlSignature, type UrlScope } from "../../src/http/signed-url.ts";
import { writeUser } from "../../src/scrub/access/password.ts";
import type { OriginAnswer } from "../harness/origin-answer.ts";
import { berlin, cacheStatus, createWorld, dawn, originUrl, type VisitOptions, type World } from "../harness/world.ts";

/** One rule for all that is below /in/; a document at a https URL is singapore's, by its path. */
function worldWhere(access: object, vars: Readonly<Record<string, unknown>> = {}): World {
  const scene = createWorld();
  const elsewhere = (url: string): string =>
    url.startsWith("https://") ? originUrl("singapore", scene.script) + url.slice(url.indexOf("/", 8)) : url;
  const RULES = [{ name: "members", when: 'request.path.startsWith("/in/")', access }];
  return createWorld({
    beside: scene,
    vars: { RULES, SETTINGS: { trail: true, limits: { field: "16KB" } }, ...vars },
    ports: {
      fetch: (target, init) =>
        fetch(typeof target === "string" ? elsewhere(target) : target, { ...init, redirect: "manual" }),
    },
  });
}

const page: OriginAnswer = { body: "for members", headers: { "cache-control": "max-age=60" } };

async function worldWith(...parts: Parameters<typeof worldWhere>): Promise<World> {
  const world = worldWhere(...parts);
  await world.origin("frankfurt").answers("/in/page", page);
  await world.origin("frankfurt").answers("/out", page);
  return world;
}

interface Refusal {
  readonly status: number;
  readonly because: string;
  /** What the trail says of it. */
  readonly flaw: string;
}

/** A refusal is whole: its status, its fields, a short body, its reason and its log line; and the origin saw nothing. */
async function expectRefused(
  world: World,
  options: VisitOptions,
  { status, because, flaw }: Refusal,
  target = "/in/page",
): Promise<Response> {
  const before = (await world.origin("frankfurt").seen()).length;
  const response = await world.visit(target, options);
  const body = await response.text();
  const line = world.log.at(-1)!;
  expect([response.status, line["because"], line["trail"]]).toEqual([
    status,
    because,
    expect.arrayContaining([`scrub=${because}:${flaw}:members`]),
  ]);
  expect(response.headers.get("cache-control")).toBe("no-store");
  expect(cacheStatus(response)).toBe(`detail=${because}`);
  expect(body.length).toBeLessThan(200);
  expect(body).not.toMatch(/members|frankfurt/);
  expect(await world.origin("frankfurt").seen()).toHaveLength(before);
  return response;
}

const signIn = (flaw: string): Refusal => ({ status: 401, because: "sign-in-needed", flaw });
const notLetIn = (flaw: string): Refusal => ({ status: 403, because: "not-let-in", flaw });
const basicOf = (text: string): string => `Basic ${btoa(String.fromCharCode(...new TextEncoder().encode(text)))}`;

/** HMAC-SHA-256, as base64url. */
async function hmac(key: string, text: string): Promise<string> {
  const [secret, bytes] = [key, text].map((each) => new TextEncoder().encode(each)) as [
    Uint8Array<ArrayBuffer>,
    Uint8Array<ArrayBuffer>,
  ];
  const imported = await crypto.subtle.importKey("raw", secret, { name: "HMAC", hash: "SHA-256" }, false, ["sign"]);
  return toBase64Url(new Uint8Array(await crypto.subtle.sign("HMAC", imported, bytes)));
}

describe("a name and a password", () => {
  let STAFF: string;
  beforeAll(async () => {
    const how = { iterations: 1_000, salt: "c2FsdHNhbHRzYWx0c2Fs" };
    STAFF = `# staff\n${await writeUser("alice", "geheim:ß", how)}\n${await writeUser("bob", "hunter2", how)}`;
  });
  const withStaff = () => worldWith({ basic: { users: "STAFF", realm: "staff" } }, { STAFF });

  test("lets in, and is for the edge alone: the page is the same for all, and stored", async () => {
    const world = await withStaff();
    for (const [user, expected] of [
      ["alice:geheim:ß", "fwd=uri-miss; fwd-status=200; stored"],
      ["bob:hunter2", "hit; ttl=60"],
    ] as const) {
      const response = await world.visit("/in/page", { headers: { authorization: basicOf(user) } });
      expect(await response.text()).toBe("for members");
      await world.settle();
      expect(cacheStatus(response).replace(/; key=.*/, "")).toBe(expected);
    }
    const [seen] = await world.origin("frankfurt").seen();
    expect(seen!.headers).not.toHaveProperty("authorization");
    // What is stored is for those only who may come in.
    await expectRefused(world, {}, signIn("basic:none"));
    expect(JSON.stringify(world.log)).not.toMatch(/hunter2|geheim/);
  });

  test("where the rule doesn't apply nobody is asked, and the origin gets what the client sent", async () => {
    const world = await withStaff();
    const authorization = basicOf("somebody:else");
    expect(await (await world.visit("/out", { headers: { authorization } })).text()).toBe("for members");
    expect((await world.origin("frankfurt").seen())[0]!.headers["authorization"]).toBe(authorization);
  });

  test.each([
    [undefined, "none"],
    ["", "unreadable"],
    ["Basic", "unreadable"],
    ["Basic !!!", "unreadable"],
    [`Basic ${btoa("\xff\xfe:x")}`, "unreadable"],
    ["Bearer abc", "unreadable"],
    [basicOf("alice"), "wrong"],
    [basicOf(""), "unreadable"],
    [basicOf(":"), "wrong"],
    [basicOf("alice:"), "wrong"],
    [basicOf("alice:hunter2"), "wrong"],
    [basicOf("alice:geheim:ß "), "wrong"],
    [basicOf("Alice:geheim:ß"), "wrong"],
    [basicOf("carol:hunter2"), "wrong"],
    [basicOf("# staff:x"), "wrong"],
    [basicOf("__proto__:x"), "wrong"],
  ])("refuses %j: %s", async (authorization, flaw) => {
    const world = await withStaff();
    const headers = authorization === undefined ? {} : { authorization };
    const response = await expectRefused(world, { headers }, signIn(`basic:${flaw}`));
    expect(response.headers.get("www-authenticate")).toBe('Basic realm="staff", charset="UTF-8"');
  });

  test("without the secret nobody is let in", async () => {
    const world = await worldWith({ basic: "STAFF" });
    const refusal = { status: 503, because: "access-undecided", flaw: "basic:no-secret" };
    await expectRefused(world, { headers: { authorization: basicOf("bob:hunter2") } }, refusal);
  });
});

describe("a token", () => {
  const issuer = "https://login.example/";
  const jwt = {
    keys: "https://login.example/jwks.json",
    issuer,
    audience: "shop",
    algorithms: ["ES256"],
    claims: { role: "member" },
  };
  const claims = { iss: issuer, aud: ["shop", "other"], role: ["member", "admin"], sub: "alice" };
  let keys: Record<"one" | "two", CryptoKeyPair>;
  let jwks: Record<"one" | "two", object>;
  beforeAll(async () => {
    keys = {
      one: await generateKeyPair("ES256", { extractable: true }),
      two: await generateKeyPair("ES256", { extractable: true }),
    };
    const published = async (name: "one" | "two") => ({
      ...(await exportJWK(keys[name].publicKey)),
      kid: name,
      alg: "ES256",
      use: "sig",
    });
    jwks = { one: await published("one"), two: await published("two") };
  });

  const second = Math.floor(dawn / 1000);
  const sign = (changes: JWTPayload & Record<string, unknown> = {}, name: "one" | "two" = "one", kid: string = name) =>
    new SignJWT({ exp: second + 300, ...claims, ...changes })
      .setProtectedHeader({ alg: "ES256", kid })
      .sign(keys[name].privateKey);
  const bearer = (token: string) => ({ headers: { authorization: `Bearer ${token}` } });

  async function withKeys(access: object = { jwt }, ...answers: OriginAnswer[]): Promise<World> {
    const world = await worldWith(access);
    const usual = { body: JSON.stringify({ keys: [jwks.one] }) };
    await world.origin("singapore").answers("/jwks.json", ...(answers.length > 0 ? answers : [usual]));
    return world;
  }

  test("lets in, goes on to the origin, and its answers are for nobody else", async () => {
    const world = await withKeys();
    const token = await sign();
    const response = await world.visit("/in/page", bearer(token));
    expect(await response.text()).toBe("for members");
    await world.settle();
    expect(cacheStatus(response)).toContain("detail=authorization");
    expect((await world.origin("frankfurt").seen())[0]!.headers["authorization"]).toBe(`Bearer ${token}`);
    expect(JSON.stringify(world.log)).not.toContain(token.slice(-20));
  });

  test("in a cookie is as good, and kept from others as well", async () => {
    const world = await withKeys({ jwt: { ...jwt, cookie: "token" } });
    const token = await sign();
    const response = await world.visit("/in/page", { headers: { cookie: `a=1; token=${token}` } });
    expect(await response.text()).toBe("for members");
    await world.settle();
    expect(cacheStatus(response)).toContain("detail=authorization");
    await expectRefused(world, { headers: { cookie: "token=x" } }, signIn("jwt:unreadable"));
    await expectRefused(
      world,
      { headers: { cookie: `token=${token}`, authorization: "Basic eDp4" } },
      signIn("jwt:unreadable"),
    );
  });

  test("keys are fetched once, and again for one that was made since", async () => {
    const both = { body: JSON.stringify({ keys: [jwks.one, jwks.two] }) };
    const world = await withKeys({ jwt }, { body: JSON.stringify({ keys: [jwks.one] }) }, both);
    const later = async () => bearer(await sign({ exp: second + 900 }, "two"));
    for (let time = 0; time < 3; time++) expect((await world.visit("/in/page", bearer(await sign()))).status).toBe(200);
    await expectRefused(world, await later(), signIn("jwt:unknown-key"));
    expect(await world.origin("singapore").seen()).toHaveLength(1);
    world.clock.advance(61);
    expect((await world.visit("/in/page", await later())).status).toBe(200);
    expect(await world.origin("singapore").seen()).toHaveLength(2);
  });

  test.each<[what: string, changes: Record<string, unknown>, flaw: string]>([
    ["expired", { exp: second - 61 }, "expired"],
    ["without an end", { exp: undefined }, "claim"],
    ["of the future", { nbf: second + 61 }, "claim"],
    ["of another issuer", { iss: "https://evil.example/" }, "claim"],
    ["without an issuer", { iss: undefined }, "claim"],
    ["for others", { aud: "another" }, "claim"],
    ["for nobody", { aud: undefined }, "claim"],
    ["of another role", { role: ["guest"] }, "claim"],
    ["of no role", { role: undefined }, "claim"],
    ["of a role in another form", { role: { member: true } }, "claim"],
  ])("refuses one %s", async (_what, changes, flaw) => {
    const response = await expectRefused(await withKeys(), bearer(await sign(changes)), signIn(`jwt:${flaw}`));
    expect(response.headers.get("www-authenticate")).toBe('Bearer realm="restricted", error="invalid_token"');
  });

  test("clocks may differ by a minute", async () => {
    const world = await withKeys();
    expect((await world.visit("/in/page", bearer(await sign({ exp: second - 59, nbf: second + 59 })))).status).toBe(
      200,
    );
  });

  test("refuses what was forged, swapped or never signed", async () => {
    const world = await withKeys();
    const token = await sign();
    const [head, body, signature] = token.split(".") as [string, string, string];
    const other = (await sign({ sub: "mallory" })).split(".");
    const encode = (value: object): string => toBase64Url(new TextEncoder().encode(JSON.stringify(value)));
    const none = `${encode({ alg: "none" })}.${body}.`;
    const signing = `${encode({ alg: "HS256", kid: "one" })}.${body}`;
    const confused = `${signing}.${await hmac(JSON.stringify(jwks.one), signing)}`;
    const forged: Readonly<Record<string, string>> = {
      [none]: "algorithm",
      [confused]: "algorithm",
      [await sign({}, "two", "one")]: "wrong",
      [await sign({}, "two")]: "unknown-key",
      [`${head}.${other[1]}.${signature}`]: "wrong",
      [`${head}.${body}.${other[2]}`]: "wrong",
      [`${head}.${body}`]: "unreadable",
      [`${head}.${body}.`]: "wrong",
      [`${token}.${token}`]: "unreadable",
      [`${encode({ alg: "ES256", kid: "one", crit: ["x"], x: 1 })}.${body}.${signature}`]: "unreadable",
      ["a".repeat(8_193)]: "too-long",
      "..": "unreadable",
    };
    for (const [given, flaw] of Object.entries(forged))
      await expectRefused(world, bearer(given), signIn(`jwt:${flaw}`));
    await expectRefused(world, {}, signIn("jwt:none"));
    for (let at = 0; at < token.length - 1; at += 7) {
      const changed = token.slice(0, at) + (token[at] === "A" ? "B" : "A") + token.slice(at + 1);
      expect((await world.visit("/in/page", bearer(changed))).status, changed).toBe(401);
    }
  });

  test("by a secret that both share", async () => {
    const world = await worldWith({ jwt: { secret: "JWT_KEY" } }, { JWT_KEY: "a key of the story, long enough" });
    const made = (key: string) =>
      new SignJWT({ exp: second + 300 }).setProtectedHeader({ alg: "HS256" }).sign(new TextEncoder().encode(key));
    expect((await world.visit("/in/page", bearer(await made("a key of the story, long enough")))).status).toBe(200);
    await expectRefused(world, bearer(await made("another key of the story, as long")), signIn("jwt:wrong"));
  });

  test.each<[what: string, answer: OriginAnswer]>([
    ["fail", { status: 500 }],
    ["are no JSON", { body: "<html>" }],
    ["are none", { body: "[]" }],
    ["are too many", { bytes: 300_000 }],
    ["lead elsewhere", { status: 302, headers: { location: "https://evil.example/jwks.json" } }],
  ])("nobody is let in while its keys %s", async (_what, answer) => {
    const quiet = vi.spyOn(console, "error").mockReturnValue();
    const world = await withKeys({ jwt }, answer);
    const response = await expectRefused(world, bearer(await sign()), {
      status: 503,
      because: "access-undecided",
      flaw: "jwt:no-keys",
    });
    expect(response.headers.get("retry-after")).toBe("30");
    quiet.mockRestore();
  });
});

describe("a signed URL", () => {
  const key = "a key of the story";
  const second = Math.floor(dawn / 1000);
  const base = "https://www.example.com/in/page";

  async function sign(
    url: string,
    scope: Partial<UrlScope> & { readonly ip?: string } = {},
    by = key,
  ): Promise<string> {
    const whole = { expires: second + 60, segments: undefined, isForAddress: scope.ip !== undefined, ...scope };
    const text = textOfSignedUrl(whole, { url: new URL(url), parameter: "signature", ip: scope.ip ?? "" })!;
    const mac = await hmac(by, text);
    return `${url}${url.includes("?") ? "&" : "?"}signature=${writeUrlSignature({ ...whole, mac })}`;
  }
  const withKey = (vars = { URL_KEY: key }) => worldWith({ signed: "URL_KEY" }, vars);
  const status = async (world: World, url: string, from = berlin): Promise<number> =>
    (await world.visit(url, { from })).status;

  test("lets in until its time is up, and is for the edge alone: all have the page from the cache", async () => {
    const world = await withKey();
    for (const [expires, expected] of [
      [second + 60, "fwd=uri-miss; fwd-status=200; stored"],
      [second + 70, "hit; ttl=60"],
    ] as const) {
      const response = await world.visit(await sign(base, { expires }));
      expect(await response.text()).toBe("for members");
      await world.settle();
      expect(cacheStatus(response).replace(/; key=.*/, "")).toBe(expected);
    }
    expect((await world.origin("frankfurt").seen())[0]!.target).toBe("/in/page");
    const url = await sign(base);
    world.clock.advance(59);
    expect(await status(world, url)).toBe(200);
    world.clock.advance(1);
    await expectRefused(world, {}, notLetIn("signed:expired"), url);
    await expectRefused(world, {}, notLetIn("signed:none"), base);
  });

  test("covers its query, whichever way round it is written the signature", async () => {
    const world = await withKey();
    const url = await sign(`${base}?a=1&b=2`);
    expect(await status(world, url)).toBe(200);
    const [, signature] = url.split("signature=");
    expect(await status(world, `${base}?signature=${signature}&a=1&b=2`)).toBe(200);
    for (const query of ["a=1&b=3", "a=1", "b=2&a=1", "a=1&b=2&c", "a=%31&b=2", ""]) {
      await expectRefused(world, {}, notLetIn("signed:wrong"), `${base}?${query}&signature=${signature}`);
    }
  });

  test("or all below a path, and nothing beside it", async () => {
    const world = await withKey();
    for (const path of ["/in/7/a.m3u8", "/in/7/b/c.ts"]) await world.origin("frankfurt").answers(path, page);
    const [, signature] = (await sign("https://www.example.com/in/7/index", { segments: 2 })).split("?");
    for (const path of ["/in/7/a.m3u8", "/in/7/b/c.ts", "/in/7/a.m3u8?x=1"]) {
      expect(await status(world, `${path}${path.includes("?") ? "&" : "?"}${signature}`), path).toBe(200);
    }
    for (const path of ["/in/page", "/in/77/a", "/in/8/a", "/in/7", "/in/7x/a", "/in/8/../page"]) {
      await expectRefused(world, {}, notLetIn("signed:wrong"), `${path}?${signature}`);
    }
  });

  test("or one address", async () => {
    const world = await withKey();
    const url = await sign(base, { ip: "192.0.2.1" });
    expect(await status(world, url)).toBe(200);
    expect(await status(world, url, { ...berlin, ip: "::ffff:192.0.2.1" })).toBe(200);
    for (const ip of ["192.0.2.2", "2001:db8::1"]) {
      await expectRefused(world, { from: { ...berlin, ip } }, notLetIn("signed:wrong"), url);
    }
  });

  test("by the key before this one, too, but by no other", async () => {
    const world = await withKey({ URL_KEY: "new", URL_KEY_OLD: key } as never);
    expect(await status(world, await sign(base))).toBe(200);
    expect(await status(world, await sign(base, {}, "new"))).toBe(200);
    await expectRefused(world, {}, notLetIn("signed:wrong"), await sign(base, {}, "another"));
    await expectRefused(await withKey({} as never), {}, notLetIn("signed:wrong"), await sign(base));
  });

  test("forged in any letter it is none, and another host's isn't ours", async () => {
    const world = await withKey();
    const url = await sign(base);
    for (let at = base.length + "?signature=".length; at < url.length - 1; at++) {
      const changed = url.slice(0, at) + (url[at] === "0" ? "1" : "0") + url.slice(at + 1);
      expect((await world.visit(changed)).status, changed).toBe(403);
    }
    const [, signature] = (await sign("https://other.example/in/page")).split("?");
    await expectRefused(world, {}, notLetIn("signed:wrong"), `${base}?${signature}`);
    await expectRefused(world, {}, notLetIn("signed:unreadable"), `${base}?signature=x`);
    await expectRefused(world, {}, notLetIn("signed:unreadable"), `${base}?signature=x&${url.split("?")[1]}`);
  });
});

describe("hotlinks", () => {
  const hotlink = ["partner.example", "*.friends.example"];
  const allowed: readonly Record<string, string>[] = [
    { referer: "https://www.example.com/page" },
    { referer: "http://partner.example/" },
    { referer: "https://a.b.friends.example/x" },
    { origin: "https://partner.example" },
    {},
    { "sec-fetch-site": "none" },
    { "sec-fetch-site": "cross-site", "sec-fetch-mode": "navigate" },
  ];
  test.each(allowed)("come from %j", async (headers) => {
    expect((await (await worldWith({ hotlink })).visit("/in/page", { headers })).status).toBe(200);
  });

  test.each<[Record<string, string>, string]>([
    [{ referer: "https://evil.example/?https://www.example.com/" }, "elsewhere"],
    [{ referer: "https://www.example.com.evil.example/" }, "elsewhere"],
    [{ referer: "https://www.example.com@evil.example/" }, "elsewhere"],
    [{ referer: "https://evilpartner.example/" }, "elsewhere"],
    [{ referer: "https://friends.example/" }, "elsewhere"],
    [{ origin: "https://evil.example" }, "elsewhere"],
    [{ "sec-fetch-site": "cross-site", "sec-fetch-mode": "no-cors" }, "cross-site"],
  ])("don't come from %j", async (headers, flaw) => {
    await expectRefused(await worldWith({ hotlink }), { headers }, notLetIn(`hotlink:${flaw}`));
  });

  test.each<Record<string, string>>([{}, { referer: "nonsense" }, { origin: "null" }])(
    "who doesn't say is refused where that is wanted: %j",
    async (headers) => {
      await expectRefused(await worldWith({ hotlink: { unknown: false } }), { headers }, notLetIn("hotlink:unknown"));
    },
  );
});

describe("a certificate", () => {
  const fingerprint = "ab".repeat(32);
  const presented = (changes: object = {}) => ({
    from: {
      ...berlin,
      tlsClientAuth: {
        certPresented: "1",
        certVerified: "SUCCESS",
        certRevoked: "0",
        certFingerprintSHA256: fingerprint.toUpperCase(),
        ...changes,
      },
    },
  });

  test("that the platform verified lets in; of named ones only these", async () => {
    expect((await (await worldWith({ certificate: true })).visit("/in/page", presented())).status).toBe(200);
    const named = { certificate: { fingerprints: [fingerprint.replaceAll(/..(?=.)/g, "$&:").toUpperCase()] } };
    expect((await (await worldWith(named)).visit("/in/page", presented())).status).toBe(200);
    await expectRefused(
      await worldWith(named),
      presented({ certFingerprintSHA256: "cd".repeat(32) }),
      notLetIn("certificate:unknown"),
    );
  });

  test.each<[string, object, string]>([
    ["none", { certPresented: "0" }, "none"],
    ["one that failed", { certVerified: "FAILED:self signed certificate" }, "unverified"],
    ["one that was revoked", { certRevoked: "1" }, "unverified"],
    ["one that nobody verified", { certVerified: "NONE" }, "unverified"],
  ])("%s doesn't", async (_what, changes, flaw) => {
    await expectRefused(await worldWith({ certificate: true }), presented(changes), notLetIn(`certificate:${flaw}`));
  });

  test("what a client says of its certificate in fields is nothing", async () => {
    const headers = { "cf-client-cert-verified": "true", "x-client-cert": "x", "cf-cert-presented": "1" };
    await expectRefused(await worldWith({ certificate: true }), { headers }, notLetIn("certificate:none"));
  });
});

test("of several things all must be shown", async () => {
  const world = await worldWith({ hotlink: true, signed: "URL_KEY" }, { URL_KEY: "key" });
  await expectRefused(world, { headers: { referer: "https://evil.example/" } }, notLetIn("hotlink:elsewhere"));
  await expectRefused(world, {}, notLetIn("signed:none"));
});
