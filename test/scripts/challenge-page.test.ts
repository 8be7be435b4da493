/** The page of a challenge as a browser shows it: Debian's Chromium, or the one that `CHROMIUM` names. */
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { chromium, type Browser, type BrowserContextOptions } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { end, start, type StartedCli } from "./cli.ts";

const executablePath = process.env["CHROMIUM"] ?? "/usr/bin/chromium";
const isThere = existsSync(executablePath);
if (!isThere) console.warn(`not tested: the page of a challenge, because there is no ${executablePath}`);

describe.skipIf(!isThere)("the page of a challenge", () => {
  const folder = mkdtempSync(join(tmpdir(), "challenge-page-"));
  const seen: string[] = [];
  const origin = createServer((request, response) => {
    seen.push(`${request.method} ${request.url} ${request.headers.cookie ?? ""}`);
    response
      .setHeader("content-type", "text/html;charset=utf-8")
      .end(`<!doctype html><title>Shop</title><h1>${request.url}</h1>`);
  });
  let browser: Browser;
  let edge: StartedCli;

  beforeAll(async () => {
    origin.listen(0, "127.0.0.1");
    await once(origin, "listening");
    const config = `[vars]
ORIGINS = [{ name = "shop", url = "http://127.0.0.1:${(origin.address() as AddressInfo).port}" }]
SITES = [{ hosts = ["*"] }]
RULES = [{ challenge = true }]
SETTINGS = { challenge = { work = 20000, wait = "1s" } }
`;
    writeFileSync(join(folder, "wrangler.toml"), config);
    writeFileSync(join(folder, ".dev.vars"), 'SIGNING_KEY="a key of the story"\n');
    edge = await start("--config", join(folder, "wrangler.toml"));
    browser = await chromium.launch({ executablePath, args: ["--no-sandbox"] });
  }, 120_000);
  afterAll(async () => {
    await browser?.close();
    if (edge) await end(edge);
    origin.close();
    rmSync(folder, { recursive: true });
  });

  async function open(options: BrowserContextOptions = {}) {
    const page = await (await browser.newContext(options)).newPage();
    const errors: string[] = [];
    const asked: string[] = [];
    page.on("pageerror", ({ message }) => errors.push(message));
    page.on(
      "console",
      (message) => message.type() === "error" && !message.text().includes("403") && errors.push(message.text()),
    );
    page.on("request", (request) => asked.push(request.url()));
    seen.length = 0;
    return { page, errors, asked };
  }

  test("does its work, and leads to what was asked for; the next page is there at once", async () => {
    const { page, errors, asked } = await open();
    await page.goto(`${edge.url}/shop/a?b=1&c=%C3%A4`);
    await page.getByRole("heading", { name: "/shop/a?b=1&c=%C3%A4" }).waitFor();
    expect(page.url()).toBe(`${edge.url}/shop/a?b=1&c=%C3%A4`);
    await page.goto(`${edge.url}/shop/next`);
    expect(await page.locator("h1").textContent()).toBe("/shop/next");
    expect(errors).toEqual([]);
    // No origin sees the cookie, and nothing is had from elsewhere.
    expect(seen.filter((line) => line.includes("/shop"))).toEqual(["GET /shop/a?b=1&c=%C3%A4 ", "GET /shop/next "]);
    for (const url of asked) expect(url.startsWith(edge.url)).toBe(true);
  });

  test("waits, without scripts, and leads there by itself", async () => {
    const { page } = await open({ javaScriptEnabled: false });
    const first = await page.goto(`${edge.url}/shop/b`);
    expect(first!.status()).toBe(403);
    expect(await page.locator("noscript a, main a").first().textContent()).toBe("Go on");
    await page.waitForURL(`${edge.url}/shop/b`, { waitUntil: "load", timeout: 30_000 });
    await page.getByRole("heading", { name: "/shop/b" }).waitFor({ timeout: 30_000 });
    expect(seen.filter((line) => line.includes("/shop"))).toEqual(["GET /shop/b "]);
  });

  test.each([
    ["de", "ltr"],
    ["ar", "rtl"],
  ])("can be read by everybody: %s, %s", async (locale, direction) => {
    for (const colorScheme of ["light", "dark"] as const) {
      const { page, errors } = await open({
        locale,
        colorScheme,
        viewport: { width: 320, height: 600 },
        javaScriptEnabled: false,
      });
      await page.goto(`${edge.url}/shop/c`);
      expect(await page.locator("html").getAttribute("lang")).toBe(locale);
      expect(await page.evaluate("getComputedStyle(document.querySelector('h1')).direction")).toBe(direction);
      expect(await page.getByRole("heading", { level: 1 }).count()).toBe(1);
      expect(await page.getByRole("main").count()).toBe(1);
      expect(await page.evaluate("document.documentElement.scrollWidth")).toBeLessThanOrEqual(320);
      expect(Math.min(...(await page.evaluate<number[]>(contrasts)))).toBeGreaterThanOrEqual(4.5);
      await page.keyboard.press("Tab");
      expect(await page.evaluate("document.activeElement.tagName")).toBe("A");
      expect(errors).toEqual([]);
      await page.context().close();
    }
  });

  test("tells how far it is to who doesn't see it, and moves nothing else", async () => {
    const { page } = await open();
    // Nothing is sent when the work is done, so that the page is still there.
    await page.addInitScript("HTMLFormElement.prototype.submit = HTMLFormElement.prototype.requestSubmit = () => {}");
    await page.goto(`${edge.url}/shop/d`);
    expect(await page.getByRole("status").count()).toBe(1);
    expect(await page.getByRole("progressbar").getAttribute("aria-label")).toBe("One moment, please");
    expect(await page.evaluate("document.getAnimations().length")).toBe(0);
  });
});

/** Of all texts that are shown, the contrast with what is behind them (WCAG 2.2 §1.4.3). */
const contrasts = `(() => {
  const parse = (colour) => colour.match(/[\\d.]+/g).map(Number);
  const light = ([red, green, blue]) => [red, green, blue]
    .map((part) => part / 255)
    .map((part) => (part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4))
    .reduce((sum, part, at) => sum + part * [0.2126, 0.7152, 0.0722][at], 0);
  const dark = matchMedia("(prefers-color-scheme: dark)").matches;
  const behind = light(dark ? [18, 18, 18] : [255, 255, 255]);
  return [...document.querySelectorAll("h1, p, a, code")].map((element) => {
    const own = light(parse(getComputedStyle(element).color));
    return (Math.max(own, behind) + 0.05) / (Math.min(own, behind) + 0.05);
  });
})()`;
