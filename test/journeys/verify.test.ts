/** Bots that show who they are, and those that say they are another. */
import { describe, expect, test, vi } from "vitest";
import { signatureHeaders } from "web-bot-auth";
import { signerFromJWK } from "web-bot-auth/crypto";
import { toBase64Url } from "../../src/http/base64.ts";
import { dnsQuestion, reverseName, type RecordType } from "../../src/http/dns-message.ts";
import { parseAddress } from "../../src/http/ip.ts";
import { signatureBase, toSignatureInput } from "../../src/http/message-signature.ts";
import { serializeDictionary } from "structured-headers";
import { berlin, createWorld, dawn, originUrl, type World, type WorldOptions } from "../harness/world.ts";
import type { OriginAnswer } from "../harness/origin-answer.ts";

/** The Ed25519 key of RFC 9421, appendix B.1.4, and what it is called by (RFC 7638). */
const jwk = {
  kty: "OKP",
  crv: "Ed25519",
  d: "n4Ni-HpISpVObnQMW0wOhCKROaIKqKtW_2ZYb2p9KcU",
  x: "JrQLj5P_89iXES9-vFgrIy29clF9CC_oPPsw3c5D0bs",
} as const;
const keyid = "poqkLGiymh_W0uP6PZFw-dvez3QJT5SolqXBCW38r0U";
const publicKey = { kty: jwk.kty, crv: jwk.crv, x: jwk.x };

const agent = "https://agent.example";
const directoryPath = "/.well-known/http-message-signatures-directory";

/** By which rules tell what is known. */
const telling = [
  { when: "client.verified", headers: { response: { set: { "x-proof": "verified ${client.bot}" } } } },
  { when: "client.impostor", headers: { response: { set: { "x-proof": "impostor ${client.bot}" } } } },
];

/** A world in which whatever isn't an origin is had from singapore, by its path. */
function worldWith(verify: object = {}, options: WorldOptions = {}): World {
  const bots = { helper: { agents: ["agent.example"] }, ...(verify as { bots?: object }).bots };
  const scene = createWorld();
  const elsewhere = (url: string): string =>
    url.startsWith("https://") ? originUrl("singapore", scene.script) + url.slice(url.indexOf("/", 8)) : url;
  return createWorld({
    ...options,
    beside: scene,
    vars: { RULES: telling, SETTINGS: { trail: true, verify: { ...verify, bots } }, ...options.vars },
    ports: {
      fetch: (target, init) =>
        fetch(typeof target === "string" ? elsewhere(target) : target, { ...init, redirect: "manual" }),
    },
  });
}

async function publish(world: World, ...answers: OriginAnswer[]): Promise<void> {
  await world.origin("frankfurt").answers("/", { body: "page" });
  await world.origin("singapore").answers(directoryPath, ...(answers.length > 0 ? answers : [keys(publicKey)]));
}

function keys(...jwks: object[]): OriginAnswer {
  return { body: JSON.stringify({ keys: jwks, purpose: "test" }) };
}

const second = (ms: number): number => Math.floor(ms / 1000);

interface Signing {
  readonly url?: string;
  readonly parameters?: Readonly<Record<string, string | number | undefined>>;
  readonly components?: readonly string[];
  readonly agent?: string;
}

/** The fields of a request signed as the draft has it: the agent is a member of a dictionary, and covered by its key. */
async function signed({ url = "https://www.example.com/", ...signing }: Signing = {}): Promise<Record<string, string>> {
  const field = serializeDictionary(new Map([["bot", [signing.agent ?? agent, new Map()]]]));
  const usual = {
    created: second(dawn),
    expires: second(dawn) + 300,
    keyid,
    alg: "ed25519",
    nonce: crypto.randomUUID(),
    tag: "web-bot-auth",
  };
  const [components, parameters] = toSignatureInput(signing.components ?? ["@authority"], {
    ...usual,
    ...signing.parameters,
  });
  const input = [[...components, ["signature-agent", new Map([["key", "bot"]])]], parameters] as const;
  const base = signatureBase(input as never, { method: "GET", url: new URL(url), field: () => field })!;
  const key = await crypto.subtle.importKey("jwk", jwk, { name: "Ed25519" }, false, ["sign"]);
  const signature = await crypto.subtle.sign("Ed25519", key, new TextEncoder().encode(base));
  return {
    "signature-agent": field,
    "signature-input": serializeDictionary(new Map([["sig", input as never]])),
    signature: serializeDictionary(new Map([["sig", [signature, new Map()]]])),
  };
}

/** What is known of the visit: "verified helper", or null; and why. */
async function shown(
  world: World,
  headers: Record<string, string>,
  from = berlin,
  target = "/",
): Promise<[proof: string | null, why: string]> {
  const response = await world.visit(target, { headers, from });
  await response.text();
  await world.settle();
  const why =
    /scrub=(?:none|claimed|verified|impostor):([^;]+);/.exec(response.headers.get("perigee-trail") ?? "")?.[1] ?? "";
  return [response.headers.get("x-proof"), why.split("+")[0]!];
}

describe("a signature (Web Bot Auth)", () => {
  test("shows who it is, whatever the User-Agent says", async () => {
    const world = worldWith();
    await publish(world);
    expect(await shown(world, await signed())).toEqual(["verified helper", "signature"]);
    expect(await shown(world, { ...(await signed()), "user-agent": "Helper/2.0 (bot)" })).toEqual([
      "verified helper",
      "signature",
    ]);
    expect(
      await shown(world, {
        ...(await signed()),
        "user-agent": "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0",
      }),
    ).toEqual(["verified helper", "signature"]);
  });

  test("is taken as the reference library makes it", async () => {
    const world = worldWith();
    await publish(world);
    const signer = await signerFromJWK(jwk);
    const request = new Request("https://www.example.com/", { headers: { "signature-agent": `"${agent}"` } });
    const fields = await signatureHeaders(request, signer, {
      created: new Date(dawn),
      expires: new Date(dawn + 300_000),
    });
    const headers = {
      "signature-agent": `"${agent}"`,
      signature: fields.Signature,
      "signature-input": fields["Signature-Input"],
    };
    expect(await shown(world, headers)).toEqual(["verified helper", "signature"]);
  });

  test("its keys are fetched once, and again when a new one is used", async () => {
    const world = worldWith();
    const other = { ...publicKey, x: "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo" };
    await publish(world, keys(other), keys(other, publicKey));
    expect(await shown(world, await signed())).toEqual(["impostor unknown", "signature:unknown-key"]);
    world.clock.advance(61);
    expect(await shown(world, await signed())).toEqual(["verified helper", "signature"]);
    expect(await shown(world, await signed())).toEqual(["verified helper", "signature"]);
    const asked = (await world.origin("singapore").seen()).filter(({ target }) => target === directoryPath);
    expect(asked.map(({ headers }) => headers["cdn-loop"])).toEqual(["perigee", "perigee"]);
  });

  test.each<[what: string, signing: Signing, proof: string | null, why: string]>([
    ["for another host", { url: "https://other.example/" }, "impostor unknown", "signature:wrong"],
    [
      "expired",
      { parameters: { created: second(dawn) - 400, expires: second(dawn) - 61 } },
      "impostor unknown",
      "signature:expired",
    ],
    [
      "just expired, which clocks may differ about",
      { parameters: { created: second(dawn) - 400, expires: second(dawn) - 59 } },
      "verified helper",
      "signature",
    ],
    ["of the future", { parameters: { created: second(dawn) + 61 } }, "impostor unknown", "signature:not-yet"],
    [
      "good for more than a day",
      { parameters: { expires: second(dawn) + 86_401 } },
      "impostor unknown",
      "signature:too-long",
    ],
    ["by a key that isn't there", { parameters: { keyid: "another" } }, "impostor unknown", "signature:unknown-key"],
    ["by an agent nobody knows", { agent: "https://evil.example" }, null, "signature:unknown-agent"],
    ["by an agent on another port", { agent: "https://agent.example:8443" }, null, "signature:unknown-agent"],
    ["by an agent without TLS", { agent: "http://agent.example" }, null, "signature:unknown-agent"],
    ["by what is no URL", { agent: "agent.example" }, null, "signature:unknown-agent"],
    ["of another kind", { parameters: { alg: "rsa-pss-sha512" } }, null, "signature:unreadable"],
    ["without a time", { parameters: { expires: undefined } }, null, "signature:unreadable"],
    ["without a key's name", { parameters: { keyid: undefined } }, null, "signature:unreadable"],
    ["for any host", { components: ["@method"] }, null, "signature:unreadable"],
    ["for something else", { parameters: { tag: "another" } }, null, ""],
  ])("%s", async (_what, signing, proof, why) => {
    const world = worldWith();
    await publish(world);
    expect(await shown(world, await signed(signing))).toEqual([proof, why]);
  });

  test("replayed, it is somebody else's", async () => {
    const world = worldWith();
    await publish(world);
    const headers = await signed();
    expect(await shown(world, headers)).toEqual(["verified helper", "signature"]);
    expect(await shown(world, headers)).toEqual(["impostor unknown", "signature:replayed"]);
    world.clock.advance(299);
    expect(await shown(world, headers)).toEqual(["impostor unknown", "signature:replayed"]);
  });

  test("with any letter changed it is wrong, or none", async () => {
    const world = worldWith();
    await publish(world);
    const headers = await signed({ parameters: { nonce: undefined } });
    expect(await shown(world, headers)).toEqual(["verified helper", "signature"]);
    const { "signature-input": input } = headers;
    for (let at = 0; at < input!.length; at += 3) {
      const changed = input!.slice(0, at) + (input![at] === "a" ? "b" : "a") + input!.slice(at + 1);
      expect((await shown(world, { ...headers, "signature-input": changed }))[0], changed).not.toBe("verified helper");
    }
  });

  test.each([0, 3, 63, 65, 3_750])("of %d bytes is wrong, and nothing worse", async (bytes) => {
    const world = worldWith();
    await publish(world);
    const signature = `sig=:${btoa("x".repeat(bytes))}:`;
    expect(await shown(world, { ...(await signed()), signature })).toEqual(["impostor unknown", "signature:wrong"]);
  });

  test("that is right counts beside one that somebody has added", async () => {
    const world = worldWith();
    await publish(world);
    const { "signature-input": input, signature, ...rest } = await signed();
    const added = 'a=("@authority" "signature-agent";key="bot");created=1;expires=2;keyid="x";tag="web-bot-auth"';
    const headers = { ...rest, "signature-input": `${added}, ${input}`, signature: `a=:AAAA:, ${signature}` };
    expect(await shown(world, headers)).toEqual(["verified helper", "signature"]);
  });

  test.each(["/%7Euser", "/a%2fb", "/caf%c3%a9?x=%41", "/%41"])(
    "of the URL as it was sent is right, however we write it: %s",
    async (path) => {
      const world = worldWith();
      await publish(world);
      await world.origin("frankfurt").answers(path.split("?")[0]!, { body: "page" });
      for (const component of ["@target-uri", "@path"]) {
        const signing = { url: `https://www.example.com${path}`, components: [component, "@authority"] };
        expect(await shown(world, await signed(signing), berlin, path)).toEqual(["verified helper", "signature"]);
      }
    },
  );

  test("that shows nothing hides nothing: the address counts all the same", async () => {
    const bots = { googlebot: { ranges: ["https://search.example/googlebot.json"] } };
    const world = worldWith({ ranges: true, bots });
    await publish(world);
    await world.origin("singapore").answers("/googlebot.json", { body: '["192.0.2.0/30"]' });
    const nobody = await signed({ agent: "https://nobody.example" });
    const unreadable = await signed({ parameters: { keyid: undefined } });
    await shown(world, googlebot);
    for (const headers of [nobody, unreadable]) {
      expect(await shown(world, { ...headers, ...googlebot }, from("192.0.2.9"))).toEqual([
        "impostor googlebot",
        "ranges",
      ]);
      expect(await shown(world, { ...headers, ...googlebot }, from("192.0.2.1"))).toEqual([
        "verified googlebot",
        "ranges",
      ]);
    }
  });

  test("of one bot, by what says it is another, shows an impostor", async () => {
    const world = worldWith();
    await publish(world);
    const headers = {
      ...(await signed()),
      "user-agent": "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)",
    };
    expect(await shown(world, headers)).toEqual(["impostor googlebot", "signature:another-bot"]);
  });

  test.each<[what: string, answer: OriginAnswer]>([
    ["fails", { status: 500 }],
    ["leads elsewhere", { status: 302, headers: { location: "https://agent.example/keys" } }],
    ["is no JSON", { body: "<html>" }],
    ["has no keys", { body: "{}" }],
    ["is too long", { bytes: 65_537 }],
    ["breaks off", { body: JSON.stringify({ keys: [publicKey] }), breaks: 10 }],
  ])("whose directory %s shows nothing, and isn't asked at every visit", async (_what, answer) => {
    const quiet = vi.spyOn(console, "error").mockReturnValue();
    const world = worldWith();
    await publish(world, answer);
    expect(await shown(world, await signed())).toEqual([null, "signature:no-directory"]);
    expect(await shown(world, await signed())).toEqual([null, "signature:no-directory"]);
    expect((await world.origin("singapore").seen()).filter(({ target }) => target === directoryPath)).toHaveLength(1);
    quiet.mockRestore();
  });

  test("keys that can't be read, and those whose time is up, are none", async () => {
    const world = worldWith();
    const old = { ...publicKey, exp: second(dawn) };
    await publish(
      world,
      keys({ kty: "RSA" }, { ...publicKey, x: "short" }, old),
      keys({ ...publicKey, nbf: second(dawn), exp: second(dawn) + 600 }),
    );
    expect(await shown(world, await signed())).toEqual(["impostor unknown", "signature:unknown-key"]);
    world.clock.advance(3_600 * 24);
    const parameters = { created: second(world.clock.now), expires: second(world.clock.now) + 60 };
    expect(await shown(world, await signed({ parameters }))).toEqual(["impostor unknown", "signature:unknown-key"]);
  });

  test("isn't looked at where the settings say so", async () => {
    const world = worldWith({ signatures: false });
    await publish(world);
    expect(await shown(world, await signed())).toEqual([null, ""]);
    expect(await world.origin("singapore").seen()).toEqual([]);
  });
});

const googlebot = { "user-agent": "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)" };
const from = (ip: string) => ({ ...berlin, ip });

describe("published address ranges", () => {
  const bots = { googlebot: { ranges: ["https://search.example/googlebot.json"] } };
  const published = { body: '{"prefixes":[{"ipv4Prefix":"192.0.2.0/27"},{"ipv6Prefix":"2001:db8:1::/64"}]}' };

  async function worldThat(...answers: OriginAnswer[]): Promise<World> {
    const world = worldWith({ ranges: true, bots });
    await world.origin("frankfurt").answers("/", { body: "page" });
    await world.origin("singapore").answers("/googlebot.json", ...answers);
    return world;
  }

  test("tell a crawler from who says it is one; nobody waits for them", async () => {
    const world = await worldThat(published);
    expect(await shown(world, googlebot, from("192.0.2.31"))).toEqual([null, "not-yet"]);
    expect(await shown(world, googlebot, from("192.0.2.31"))).toEqual(["verified googlebot", "ranges"]);
    expect(await shown(world, googlebot, from("2001:db8:1::7"))).toEqual(["verified googlebot", "ranges"]);
    expect(await shown(world, googlebot, from("192.0.2.32"))).toEqual(["impostor googlebot", "ranges"]);
    expect(await shown(world, googlebot, from("::ffff:192.0.2.31"))).toEqual(["verified googlebot", "ranges"]);
    expect(await world.origin("singapore").seen()).toHaveLength(1);
  });

  test("tell it behind another name, too", async () => {
    const world = await worldThat(published);
    const disguised = { "user-agent": "curl/8.5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)" };
    await shown(world, disguised, from("192.0.2.32"));
    expect(await shown(world, disguised, from("192.0.2.32"))).toEqual(["impostor googlebot", "ranges"]);
  });

  test("say nothing of others", async () => {
    const world = await worldThat(published);
    expect(await shown(world, { "user-agent": "curl/8.5.0" })).toEqual([null, ""]);
    expect(await world.origin("singapore").seen()).toEqual([]);
  });

  test("that can't be had show nobody to be an impostor, and the last good ones go on holding", async () => {
    const quiet = vi.spyOn(console, "error").mockReturnValue();
    const world = await worldThat({ body: "<html>Sorry</html>" }, published, { status: 404 });
    for (let time = 0; time < 2; time++) expect(await shown(world, googlebot)).toEqual([null, "not-yet"]);
    world.clock.advance(601);
    await shown(world, googlebot);
    expect(await shown(world, googlebot, from("192.0.2.77"))).toEqual(["impostor googlebot", "ranges"]);
    world.clock.advance(86_401);
    await shown(world, googlebot);
    expect(await shown(world, googlebot, from("192.0.2.1"))).toEqual(["verified googlebot", "ranges"]);
    quiet.mockRestore();
  });
});

/** The resolver's answer, with these values; each value is its record's data. */
function dnsAnswer(name: string, type: RecordType, values: readonly Uint8Array[], code = 0): OriginAnswer {
  const question = dnsQuestion(name, type)!.slice(12);
  const record = (data: Uint8Array): number[] => [
    0xc0,
    12,
    ...question.slice(-4),
    0,
    0,
    0,
    60,
    data.length >> 8,
    data.length & 255,
    ...data,
  ];
  const header = [0, 0, 0x81, 0x80 | code, 0, 1, 0, values.length, 0, 0, 0, 0];
  return { base64: btoa(String.fromCharCode(...header, ...question, ...values.flatMap(record))) };
}

const nameData = (name: string): Uint8Array => dnsQuestion(name, "A")!.slice(12, -4);
const addressData = (...bytes: number[]): Uint8Array => Uint8Array.from(bytes);

describe("names of addresses, confirmed", () => {
  const ip = "192.0.2.9";
  const reverse = reverseName(parseAddress(ip)!);
  const path = (name: string, type: RecordType): string => `/dns-query?dns=${toBase64Url(dnsQuestion(name, type)!)}`;

  async function worldWhere(
    names: readonly string[],
    forward: Readonly<Record<string, readonly Uint8Array[]>>,
  ): Promise<World> {
    const world = worldWith({
      resolver: "https://dns.example/dns-query",
      bots: { googlebot: { dns: ["googlebot.com"] } },
    });
    await world.origin("frankfurt").answers("/", { body: "page" });
    const resolver = world.origin("singapore");
    await resolver.answers(
      path(reverse, "PTR"),
      dnsAnswer(reverse, "PTR", names.map(nameData), names.length === 0 ? 3 : 0),
    );
    for (const [name, values] of Object.entries(forward))
      await resolver.answers(path(name, "A"), dnsAnswer(name, "A", values));
    return world;
  }

  const own = addressData(192, 0, 2, 9);

  test.each<
    [what: string, names: readonly string[], forward: Readonly<Record<string, readonly Uint8Array[]>>, proof: string]
  >([
    ["there and back", ["crawl-9.googlebot.com"], { "crawl-9.googlebot.com": [own] }, "verified googlebot"],
    [
      "one name of several",
      ["host.example", "crawl-9.googlebot.com"],
      { "crawl-9.googlebot.com": [addressData(192, 0, 2, 8), own] },
      "verified googlebot",
    ],
    [
      "a name that leads elsewhere",
      ["crawl-9.googlebot.com"],
      { "crawl-9.googlebot.com": [addressData(192, 0, 2, 8)] },
      "impostor googlebot",
    ],
    ["a name in another domain", ["crawl-9.googlebot.com.evil.example"], {}, "impostor googlebot"],
    ["a name that only ends so", ["evilgooglebot.com"], {}, "impostor googlebot"],
    ["no name", [], {}, "impostor googlebot"],
  ])("%s", async (_what, names, forward, proof) => {
    const world = await worldWhere(names, forward);
    expect(await shown(world, googlebot, from(ip))).toEqual([null, "not-yet"]);
    expect((await shown(world, googlebot, from(ip)))[0]).toBe(proof);
  });

  test("the resolver is asked off the visit's path, once for an address, and what it said is remembered", async () => {
    const world = await worldWhere(["crawl-9.googlebot.com"], { "crawl-9.googlebot.com": [own] });
    for (let time = 0; time < 5; time++) await shown(world, googlebot, from(ip));
    expect(await world.origin("singapore").seen()).toHaveLength(2);
    world.clock.advance(86_399);
    expect(await shown(world, googlebot, from(ip))).toEqual(["verified googlebot", "dns"]);
    expect(await world.origin("singapore").seen()).toHaveLength(2);
  });

  test("another address of the same network is no new question", async () => {
    const v6 = "2001:db8:0:7::1";
    const name = reverseName(parseAddress(v6)!);
    const world = worldWith({
      resolver: "https://dns.example/dns-query",
      bots: { googlebot: { dns: ["googlebot.com"] } },
    });
    await world.origin("frankfurt").answers("/", { body: "page" });
    await world.origin("singapore").answers(path(name, "PTR"), dnsAnswer(name, "PTR", [], 3));
    expect(await shown(world, googlebot, from(v6))).toEqual([null, "not-yet"]);
    for (const other of ["2001:db8:0:7::2", "2001:db8:0:7:ffff::3"]) {
      expect(await shown(world, googlebot, from(other))).toEqual(["impostor googlebot", "dns"]);
    }
    expect(await world.origin("singapore").seen()).toHaveLength(1);
  });

  test.each<[what: string, answer: OriginAnswer]>([
    ["fails", dnsAnswer(reverse, "PTR", [], 2)],
    ["answers 500", { status: 500 }],
    ["says what is no answer", { body: "sorry" }],
    ["says too much", { bytes: 70_000 }],
  ])("a resolver that %s shows nobody to be an impostor", async (_what, answer) => {
    const quiet = vi.spyOn(console, "error").mockReturnValue();
    const world = await worldWhere([], {});
    await world.origin("singapore").answers(path(reverse, "PTR"), answer);
    for (let time = 0; time < 2; time++) expect(await shown(world, googlebot, from(ip))).toEqual([null, "not-yet"]);
    quiet.mockRestore();
  });
});
