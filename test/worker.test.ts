import { env } from "cloudflare:workers";
import { afterEach, beforeEach, expect, test, vi } from "vitest";

/** The document in KV that makes the edge answer every visit with this text. */
const saying = (text: string): string =>
  JSON.stringify({
    ORIGINS: [{ name: "nobody", url: "http://127.0.0.1:1" }],
    SITES: [{ hosts: ["*"] }],
    RULES: [{ respond: { status: 200, body: text } }],
  });

/** A Worker as it is after a start: its module-level state is new. */
async function startWorker(bindings: Record<string, unknown>): Promise<() => Promise<Response>> {
  vi.resetModules();
  const { default: worker } = await import("../src/worker.ts");
  return async () => worker.fetch(new Request("https://www.example.com/") as never, bindings);
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
