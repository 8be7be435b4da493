import { env } from "cloudflare:workers";
import { encodeRedirects } from "../src/redirects/redirects.ts";
import { encode, FixedList, parseMember } from "../src/lists/lists.ts";
import { afterEach, beforeEach, expect, test, vi } from "vitest";

/** The document in KV that makes the edge answer every visit with this text. */
const saying = (text: string): string =>
  JSON.stringify({
    ORIGINS: [{ name: "nobody", url: "http://127.0.0.1:1" }],
    SITES: [{ hosts: ["*"] }],
    RULES: [{ respond: { status: 200, body: text } }],
  });

/** The file of a list. */
const fileOf = (...members: string[]): Uint8Array<ArrayBuffer> =>
  encode(FixedList.of(members.map((member) => parseMember(member)!)).sections);

/** A Worker as it is after a start: its module-level state is new. */
async function startWorker(
  bindings: Record<string, unknown>,
): Promise<(headers?: Record<string, string>) => Promise<Response>> {
  vi.resetModules();
  const { default: worker } = await import("../src/worker.ts");
  return async (headers = {}) => worker.fetch(new Request("https://www.example.com/", { headers }) as never, bindings);
}

beforeEach(() => void vi.useFakeTimers({ toFake: ["Date"] }));
afterEach(() => void vi.useRealTimers());

test("a Worker without a usable config says so, and nothing more", async () => {
  const errors = vi.spyOn(console, "error").mockImplementation(() => undefined);
  const visit = await startWorker({ ORIGINS: [{ name: "secret-origin", url: "ftp://nowhere" }] });
  const response = await visit();
  expect(response.status).toBe(500);
  expect(await response.text()).not.toContain("secret-origin");
  expect(errors.mock.calls.join("\n")).toContain("ORIGINS[0].url");
});

test("a config in KV is taken up while running; a bad one leaves the last good one in force", async () => {
  const namespace = (env as { CONFIG: KVNamespace }).CONFIG;
  await namespace.put("config", saying("one"));
  const visit = await startWorker({ CONFIG: namespace });
  const says = async (): Promise<string> => (await visit()).text();
  /** Later, and after the visit that makes the Worker look: what it says from then on. */
  const saysAfter = async (seconds: number): Promise<string> => {
    vi.setSystemTime(Date.now() + seconds * 1000);
    await says();
    await new Promise((resolve) => setTimeout(resolve, 50));
    return says();
  };
  expect(await says()).toBe("one");

  await namespace.put("config", saying("two"));
  expect(await saysAfter(5)).toBe("one");
  expect(await saysAfter(30)).toBe("two");

  const errors = vi.spyOn(console, "error").mockImplementation(() => undefined);
  await namespace.put("config", '{"SITES": "none"}');
  expect(await saysAfter(31)).toBe("two");
  expect(errors.mock.calls.join("\n")).toContain("SITES");

  await namespace.put("config", "{ not json");
  expect(await saysAfter(31)).toBe("two");

  await namespace.put("config", saying("three"));
  expect(await saysAfter(31)).toBe("three");
});

test.each(["kv", "r2"])(
  "a list in %s is asked from the first visit on, replaced while running, and kept when it is damaged",
  async (store) => {
    const { CONFIG, FILES } = env as { CONFIG: KVNamespace; FILES: R2Bucket };
    const put = async (file: Uint8Array<ArrayBuffer>): Promise<void> => {
      await (store === "kv" ? CONFIG.put("bad.list", file) : FILES.put("bad.list", file));
    };
    await put(fileOf("192.0.2.0/24", "2001:db8::/32"));
    const visit = await startWorker({
      ORIGINS: [{ name: "nobody", url: "http://127.0.0.1:1" }],
      SITES: [{ hosts: ["*"] }],
      SETTINGS: { log: "none" },
      LISTS: { bad: { [store]: "STORE", key: "bad.list", refresh: "30s" } },
      RULES: [{ when: 'inList(client.ip, "bad")', block: 403 }, { respond: { status: 200, body: "welcome" } }],
      STORE: store === "kv" ? CONFIG : FILES,
    });
    const statusFor = async (ip: string): Promise<number> => {
      const response = await visit({ "cf-connecting-ip": ip });
      await response.text();
      return response.status;
    };
    const later = async (): Promise<void> => {
      vi.setSystemTime(Date.now() + 31_000);
      await statusFor("203.0.113.1");
      await new Promise((resolve) => setTimeout(resolve, 50));
    };
    expect(await statusFor("192.0.2.1")).toBe(403);
    for (const ip of ["2001:db8::1", "::ffff:192.0.2.1", "2002:c000:201::1", "64:ff9b::192.0.2.1"])
      expect([ip, await statusFor(ip)]).toEqual([ip, 403]);
    expect(await statusFor("198.51.100.1")).toBe(200);

    await put(fileOf("198.51.100.0/24"));
    await later();
    expect([await statusFor("192.0.2.1"), await statusFor("198.51.100.1")]).toEqual([200, 403]);

    const errors = vi.spyOn(console, "error").mockImplementation(() => undefined);
    await put(fileOf("192.0.2.0/24").with(36, 1));
    await later();
    expect([await statusFor("192.0.2.1"), await statusFor("198.51.100.1")]).toEqual([200, 403]);
    expect(errors.mock.calls.join()).toContain(
      `The list under "bad.list" in ${store.toUpperCase()} STORE can't be used: it is damaged`,
    );
  },
);

test("a table of redirects in KV is asked from the first visit on, and kept when it is damaged", async () => {
  const { CONFIG } = env as { CONFIG: KVNamespace };
  const tableTo = (to: string): Uint8Array<ArrayBuffer> =>
    encodeRedirects([{ from: "/", to, status: 301, query: true }]);
  await CONFIG.put("moved", tableTo("/one"));
  const visit = await startWorker({
    ORIGINS: [{ name: "nobody", url: "http://127.0.0.1:1" }],
    SITES: [{ hosts: ["*"] }],
    SETTINGS: { log: "none" },
    REDIRECTS: ["/other /page", { kv: "STORE", key: "moved", refresh: "30s" }],
    STORE: CONFIG,
  });
  const location = async (): Promise<string | null> => (await visit()).headers.get("location");
  const later = async (): Promise<void> => {
    vi.setSystemTime(Date.now() + 31_000);
    await location();
    await new Promise((resolve) => setTimeout(resolve, 50));
  };
  expect(await location()).toBe("/one");
  await CONFIG.put("moved", tableTo("/two"));
  await later();
  expect(await location()).toBe("/two");
  const errors = vi.spyOn(console, "error").mockImplementation(() => undefined);
  await CONFIG.put("moved", tableTo("/three").with(50, 1));
  await later();
  expect(await location()).toBe("/two");
  expect(errors.mock.calls.join()).toContain('The table of redirects under "moved" in KV STORE can\'t be used: ');
});
