/** What docs/ORIGIN-CHECK.md tells origins to do, done: its code in a real server, behind an edge that signs. */
import { generateKeyPairSync } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer, request, type IncomingMessage, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { root } from "../../scripts/project.ts";
import { end, start, type StartedCli } from "./cli.ts";

const folder = mkdtempSync(join(tmpdir(), "perigee-origin-check-"));
const secret = "correct horse battery staple";
const { publicKey, privateKey } = generateKeyPairSync("ed25519", {
  publicKeyEncoding: { type: "spki", format: "pem" },
  privateKeyEncoding: { type: "pkcs8", format: "pem" },
});

type Check = (request: IncomingMessage) => boolean;
const servers: Server[] = [];
const seen: IncomingMessage[] = [];
let edge: StartedCli;

/** The code of the guide, under that name, with these environment variables while it is loaded. */
async function guideWith(name: string, env: Readonly<Record<string, string>>): Promise<Check> {
  const code = /```js\n(.*?)```/s.exec(readFileSync(join(root, "docs/ORIGIN-CHECK.md"), "utf8"))![1]!;
  const file = join(folder, `${name}.mjs`);
  writeFileSync(file, code);
  Object.assign(process.env, env);
  const { isFromEdge } = (await import(pathToFileURL(file).href)) as { isFromEdge: Check };
  for (const variable of Object.keys(env)) delete process.env[variable];
  return isFromEdge;
}

/** A server that lets in what the check lets in. */
async function guarded(check: Check): Promise<string> {
  const server = createServer((incoming, response) => {
    seen.push(incoming);
    incoming.resume().on("end", () => response.writeHead(check(incoming) ? 200 : 403).end("here\n"));
  });
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

const addresses: Record<string, string> = {};

beforeAll(async () => {
  addresses["hmac"] = await guarded(await guideWith("hmac", { ORIGIN_KEY: secret }));
  addresses["ed25519"] = await guarded(await guideWith("ed25519", { ORIGIN_PUBLIC_KEY: publicKey }));
  const wrangler = `
    [[vars.ORIGINS]]
    name = "hmac"
    url = "${addresses["hmac"]}/base"
    sign = { key = "ORIGIN_KEY", nonce = true }
    [[vars.ORIGINS]]
    name = "ed25519"
    url = "${addresses["ed25519"]}"
    sign = { key = "PRIVATE_KEY", algorithm = "ed25519", keyid = "key-1", components = ["@method", "@authority", "@path", "@query", "x-user"] }
    [[vars.SITES]]
    hosts = ["*"]
    origins = ["hmac"]
    [[vars.RULES]]
    when = '"x-ed" in request.headers'
    origins = ["ed25519"]`;
  writeFileSync(join(folder, "wrangler.toml"), wrangler);
  writeFileSync(
    join(folder, ".dev.vars"),
    `ORIGIN_KEY="${secret}"\nPRIVATE_KEY="${privateKey.replaceAll("\n", "\\n")}"\n`,
  );
  edge = await start("--config", join(folder, "wrangler.toml"), "--fresh");
});

afterAll(async () => {
  if (edge) await end(edge);
  for (const server of servers) server.close();
  rmSync(folder, { recursive: true });
});

interface Sent {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

function statusOf(url: string, { body, ...options }: Sent = {}): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    request(url, options, (answer) => answer.resume().on("end", () => resolve(answer.statusCode)))
      .on("error", reject)
      .end(body);
  });
}

describe.each([
  ["hmac", {}],
  ["ed25519", { "x-ed": "1", "x-user": "  somebody " }],
])("signed by %s", (algorithm, headers) => {
  test.each<[what: string, target: string, sent: Sent]>([
    ["a visit", "/", {}],
    [
      "a path and query with what must be encoded",
      "/caf%C3%A9/a b?q=%20x&y=ü".replace(" ", "%20").replace("ü", "%C3%BC"),
      {},
    ],
    ["an empty query", "/page?", {}],
    ["content", "/form?x=1", { method: "POST", body: "some=content" }],
    [
      "a client's own signature beside it",
      "/",
      { headers: { "signature-input": 'sig=("@path")', signature: "sig=:AAAA:" } },
    ],
    [
      "a client that takes the edge's label",
      "/",
      { headers: { "signature-input": "edge=()", signature: "edge=:AAAA:" } },
    ],
    ["a client's signature of another kind", "/", { headers: { signature: 'keyId="a",signature="b"' } }],
  ])("%s is let in", async (_what, target, sent) => {
    expect(await statusOf(edge.url + target, { ...sent, headers: { ...headers, ...sent.headers } })).toBe(200);
  });

  test("whoever goes around the edge is not, nor is one who alters what it sent", async () => {
    await statusOf(`${edge.url}/a?b`, { headers });
    const {
      method,
      url,
      headers: sent,
    } = seen.at(-1)! as { method: string; url: string; headers: Record<string, string> };
    const straight = addresses[algorithm]!;
    const again = (changed: Sent & { readonly url?: string }): Promise<number | undefined> =>
      statusOf(straight + (changed.url ?? url), { method, ...changed, headers: { ...sent, ...changed.headers } });
    expect(await again({})).toBe(200);
    expect(await statusOf(straight + url)).toBe(403);
    expect(await again({ method: "DELETE" })).toBe(403);
    expect(await again({ url: "/other" })).toBe(403);
    expect(await again({ headers: { host: "other.example" } })).toBe(403);
    const later = sent["signature-input"]!.replace(/expires=\d+/, "expires=99999999999");
    expect(await again({ headers: { "signature-input": later } })).toBe(403);
  });
});

test("a covered field can't be altered, and each signature has its own nonce", async () => {
  await statusOf(`${edge.url}/`, { headers: { "x-ed": "1", "x-user": "somebody" } });
  const { headers } = seen.at(-1)! as { headers: Record<string, string> };
  expect(headers["signature-input"]).toMatch(/"x-user"\);created=\d+;expires=\d+;keyid="key-1"$/);
  expect(await statusOf(`${addresses["ed25519"]}/`, { headers: { ...headers, "x-user": "admin" } })).toBe(403);
  const nonces = new Set<string>();
  for (let time = 0; time < 5; time++) {
    await statusOf(`${edge.url}/?${time}`);
    nonces.add(/;nonce="(\w{10,})"$/.exec(String(seen.at(-1)!.headers["signature-input"]))![1]!);
  }
  expect(nonces.size).toBe(5);
});
