/** An origin that only a binding of the platform leads to, as a private network or a client certificate would. */
import { convertV4MiniflareOptions, Miniflare } from "miniflare";
import { afterEach, expect, test } from "vitest";
import { bundleWorker } from "../../scripts/build.ts";
import { readCompatibility } from "../../scripts/start/wrangler-file.ts";

/** Tells what it was asked, and by whom. */
const inside = `export default {
  async fetch(request) {
    const { method, url, headers } = request;
    const seen = { method, url, via: headers.get("via"), signed: headers.has("signature"), body: await request.text() };
    if (url.endsWith("/moved")) return Response.redirect("http://elsewhere.internal/", 302);
    return Response.json(seen, { headers: { "content-encoding": "identity" } });
  },
};`;

let platform: Miniflare | undefined;
afterEach(() => platform?.dispose());

/** An edge with these bindings before the private origin; nothing of the name in its URL is on the Internet. */
async function edgeWith(
  bindings: Readonly<Record<string, unknown>>,
  services: Readonly<Record<string, string>>,
): Promise<URL> {
  const { code } = await bundleWorker({ minify: false });
  const { date, flags } = readCompatibility();
  const modules = (contents: string) => ({
    modules: [{ type: "ESModule" as const, path: "worker.mjs", contents }],
    compatibilityDate: date,
  });
  platform = new Miniflare(
    convertV4MiniflareOptions({
      workers: [
        {
          name: "edge",
          ...modules(code),
          compatibilityFlags: [...flags],
          bindings: { SITES: [{ hosts: ["*"] }], SETTINGS: { log: "none", trail: true }, ...bindings },
          serviceBindings: services,
          unsafeDirectSockets: [{ host: "127.0.0.1", port: 0 }],
        },
        { name: "inside", ...modules(inside) },
      ],
      cf: false,
      port: 0,
      handleStructuredLogs: ({ message }) => void logged.push(message),
    }),
  );
  await platform.ready;
  return platform.unsafeGetDirectURL("edge");
}

const logged: string[] = [];
const origin = { name: "private", url: "http://shop.internal/base", via: "PRIVATE" };

test("the binding leads there, with all that an origin gets, and what it says comes back as it is", async () => {
  const signing = { ORIGIN_KEY: "some key", ORIGINS: [{ ...origin, sign: { key: "ORIGIN_KEY" } }] };
  const edge = await edgeWith(signing, { PRIVATE: "inside" });
  const seen = await fetch(new URL("/a?b=c", edge), { method: "POST", body: "content" });
  expect(await seen.json()).toEqual({
    method: "POST",
    url: "http://shop.internal/base/a?b=c",
    via: "1.1 perigee",
    signed: true,
    body: "content",
  });
  expect(seen.headers.get("perigee-trail")).toContain("private");
  const moved = await fetch(new URL("/moved", edge), { redirect: "manual" });
  expect([moved.status, moved.headers.get("location")]).toEqual([302, "http://elsewhere.internal/"]);
});

test.each([
  ["isn't there", {}],
  ["is something else", { PRIVATE: "a text" }],
])("a configuration whose binding %s is not taken", async (_, bindings) => {
  const edge = await edgeWith({ ORIGINS: [origin], ...bindings }, { PRIVATE_: "inside" });
  const answer = await fetch(edge);
  expect([answer.status, await answer.text()]).toEqual([500, "This server is not configured correctly.\n"]);
  expect(logged.join("\n")).toMatch(
    /ORIGINS\[0\]\.via: "PRIVATE" is not the name of a fetcher binding; did you mean "PRIVATE_"\?/,
  );
  logged.length = 0;
});
