/** What docs/ORIGIN-CHECK.md tells origins to do, done: its code in a real server, behind an edge that signs. */
import { generateKeyPairSync } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer, request, type IncomingMessage, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { stop, type Server as Program } from "../../scripts/bench/children.ts";
import { startProgram, versionOf } from "../../scripts/bench/programs/program.ts";
import { root } from "../../scripts/project.ts";
import { end, start, type StartedCli } from "./cli.ts";

const folder = mkdtempSync(join(tmpdir(), "perigee-origin-check-"));
const secret = "correct horse battery staple";
const { publicKey, privateKey } = generateKeyPairSync("ed25519", {
  publicKeyEncoding: { type: "spki", format: "pem" },
  privateKeyEncoding: { type: "pkcs8", format: "pem" },
});

const guide = readFileSync(join(root, "docs/ORIGIN-CHECK.md"), "utf8");
const hasNginx = versionOf("nginx", "-v") !== undefined;

type Check = (request: IncomingMessage) => boolean;
const servers: Server[] = [];
const seen: IncomingMessage[] = [];
let edge: StartedCli;

/** The code of the guide, under that name, with these environment variables while it is loaded. */
async function guideWith(name: string, env: Readonly<Record<string, string>>): Promise<Check> {
  const code = /```js\n(.*?)```/s.exec(guide)![1]!;
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

/** nginx with the first piece of its config in the guide, on another port and without TLS, before that server. */
function startNginx(behind: string): Promise<Program> {
  const piece = /```nginx\n(.*?)```/s.exec(guide)![1]!.replace(/http:\/\/127\.0\.0\.1:8080/, behind);
  return startProgram("nginx", (port) => {
    const http = `access_log off;\n${piece.replace("listen 443 ssl", `listen 127.0.0.1:${port}`)}`;
    const settings = `daemon off;\nmaster_process off;\npid ${folder}/nginx.pid;\nevents {}\n`;
    writeFileSync(join(folder, "nginx.conf"), `${settings}http {\n${http}\n}\n`);
    return ["-c", join(folder, "nginx.conf"), "-p", folder, "-e", "stderr"];
  });
}

const nginxSecret = /"(\w{20,})" +1; # the secret/.exec(guide)![1]!;
let nginx: Program | undefined;

const addresses: Record<string, string> = {};

beforeAll(async () => {
  addresses["hmac"] = await guarded(await guideWith("hmac", { ORIGIN_KEY: secret }));
  addresses["ed25519"] = await guarded(await guideWith("ed25519", { ORIGIN_PUBLIC_KEY: publicKey }));
  if (hasNginx) nginx = await startNginx(await guarded(() => true));
  const wrangler = `
    [[vars.ORIGINS]]
    name = "nginx"
    url = "${nginx?.url ?? "http://127.0.0.1:1"}"
    header = { name = "X-Edge-Auth", secret = "NGINX_KEY" }
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
    origins = ["ed25519"]
    [[vars.RULES]]
    when = 'request.path == "/nginx"'
    origins = ["nginx"]`;
  writeFileSync(join(folder, "wrangler.toml"), wrangler);
  writeFileSync(
    join(folder, ".dev.vars"),
    `NGINX_KEY=${nginxSecret}\nORIGIN_KEY="${secret}"\nPRIVATE_KEY="${privateKey.replaceAll("\n", "\\n")}"\n`,
  );
  edge = await start("--config", join(folder, "wrangler.toml"), "--fresh");
});

afterAll(async () => {
  if (edge) await end(edge);
  if (nginx) await stop(nginx.child);
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

test.skipIf(!hasNginx)(
  "nginx lets in who has the secret, which the edge has and a client can't put in its place",
  async () => {
    const straight = (secret?: string): Promise<number | undefined> =>
      statusOf(`${nginx!.url}/nginx`, { headers: secret === undefined ? {} : { "x-edge-auth": secret } });
    expect(await statusOf(`${edge.url}/nginx`, { headers: { "x-edge-auth": "guess" } })).toBe(200);
    expect(await straight(nginxSecret)).toBe(200);
    expect(await straight("guess")).toBe(403);
    expect(await straight()).toBe(403);
  },
);
