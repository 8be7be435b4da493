import { describe, expect, test } from "vitest";
import { parseSignatures, signatureBase } from "../../src/http/message-signature.ts";
import { Fields } from "../../src/http/fields.ts";
import { createWorld, dawn, originUrl, type World } from "../harness/world.ts";
import type { SeenRequest } from "../harness/origin-answer.ts";

/** Two origins, asked in this order; the first has these fields besides. */
function worldWhere(first: Readonly<Record<string, unknown>>, vars: Readonly<Record<string, unknown>> = {}): World {
  const scene = createWorld();
  const url = (name: string): string => originUrl(name, scene.script);
  return createWorld({
    beside: scene,
    vars: {
      ORIGINS: [
        { name: "frankfurt", url: url("frankfurt"), ...first },
        { name: "virginia", url: url("virginia") },
      ],
      SITES: [{ hosts: ["www.example.com"], balance: "first" }],
      ...vars,
    },
  });
}

async function seenBy(world: World, name: "frankfurt" | "virginia"): Promise<readonly SeenRequest[]> {
  return world.origin(name).seen();
}

const key = "a key of the story";

describe("a field with a secret", () => {
  const header = { name: "X-Edge-Auth", secret: "ORIGIN_KEY" };

  test("goes to its origin, in place of a client's, and to no other", async () => {
    const world = worldWhere({ header }, { ORIGIN_KEY: key });
    await world.origin("frankfurt").answers("/", { status: 503 });
    await world.origin("virginia").answers("/", { body: "virginia" });
    const answer = await world.visit("/", { headers: { "x-edge-auth": "guess" } });
    expect(await answer.text()).toBe("virginia");
    expect((await seenBy(world, "frankfurt"))[0]!.headers["x-edge-auth"]).toBe(key);
    expect((await seenBy(world, "virginia"))[0]!.headers["x-edge-auth"]).toBe("guess");
    expect(JSON.stringify(world.log)).not.toContain(key);
  });

  test("without its secret nothing is sent, and the next origin is asked, also for what may not be repeated", async () => {
    const world = worldWhere({ header });
    await world.origin("virginia").answers("/", { body: "virginia" });
    expect(await (await world.visit("/", { method: "POST", body: "once" })).text()).toBe("virginia");
    expect(await seenBy(world, "frankfurt")).toEqual([]);
    expect(JSON.stringify(world.log[0]!["trail"])).toContain("frankfurt:no-key");
  });
});

describe("a signature", () => {
  const sign = { key: "ORIGIN_KEY", components: ["@method", "@target-uri", "range", "x-later"], expires: "30s" };
  const signedBy = ({ headers }: SeenRequest) => parseSignatures(Fields.of(headers)).get("edge")!;

  async function isSigned(request: SeenRequest, url: string): Promise<boolean> {
    const { input, signature } = signedBy(request);
    const algorithm = { name: "HMAC", hash: "SHA-256" };
    const encoder = new TextEncoder();
    const verifier = await crypto.subtle.importKey("raw", encoder.encode(key), algorithm, false, ["verify"]);
    const field = (name: string): string | undefined => request.headers[name];
    const base = signatureBase(input, { method: request.method, url: new URL(url), field })!;
    return crypto.subtle.verify(algorithm, verifier, signature, encoder.encode(base));
  }

  test("each try has one of its own, of its time, over what that origin gets", async () => {
    const world = worldWhere({ sign }, { ORIGIN_KEY: key, SITES: [{ hosts: ["*"], origins: ["frankfurt"] }] });
    await world.origin("frankfurt").answers("/a", { breaks: "before" }, { body: "at last" });
    const answer = await world.visit("/a?b", { headers: { range: "bytes=0-1", "cache-control": "no-store" } });
    expect(answer.status).toBe(200);
    const seen = await seenBy(world, "frankfurt");
    expect(seen).toHaveLength(2);
    for (const request of seen) {
      expect(await isSigned(request, `${originUrl("frankfurt", world.script)}/a?b`)).toBe(true);
      const [covered, parameters] = signedBy(request).input;
      expect(Object.fromEntries(parameters)).toEqual({
        created: dawn / 1000,
        expires: dawn / 1000 + 30,
        keyid: "ORIGIN_KEY",
      });
      // What a request doesn't have can't be covered.
      expect(covered.map(([name]) => name)).toEqual([
        "@method",
        "@target-uri",
        ...("range" in request.headers ? ["range"] : []),
      ]);
    }
  });

  test("a text that is no key is not told to the client, and nothing is sent", async () => {
    const ed25519 = { key: "ORIGIN_KEY", algorithm: "ed25519" };
    const world = worldWhere({ sign: ed25519 }, { ORIGIN_KEY: key, SITES: [{ hosts: ["*"], origins: ["frankfurt"] }] });
    const answer = await world.visit("/");
    expect(answer.status).toBe(502);
    expect(await answer.text()).not.toMatch(/key|frankfurt/i);
    expect(await seenBy(world, "frankfurt")).toEqual([]);
    expect(world.log[0]).toMatchObject({ because: "no-origin-answered" });
  });
});
