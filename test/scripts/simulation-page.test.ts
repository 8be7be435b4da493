/** The simulation's page as a browser shows it: Debian's Chromium, or the one that `CHROMIUM` names. */
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { chromium, type Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { toFigures } from "../../scripts/simulate/figures.ts";
import { renderPage } from "../../scripts/simulate/page.ts";
import { run } from "../../scripts/simulate/run.ts";

const executablePath = process.env["CHROMIUM"] ?? "/usr/bin/chromium";
const isThere = existsSync(executablePath);
if (!isThere) console.warn(`not tested: the simulation's page, because there is no ${executablePath}`);

describe.skipIf(!isThere)("the simulation's page", () => {
  const folder = mkdtempSync(join(tmpdir(), "simulation-page-"));
  const file = join(folder, "index.html");
  let browser: Browser;

  beforeAll(async () => {
    const size = { visits: 20_000, minutes: 10, locations: 40, origins: 12 };
    const done = run({ ...size, seed: 1, policy: "nearest", site: {} }, () => {});
    writeFileSync(file, renderPage(done, toFigures(done)));
    browser = await chromium.launch({ executablePath, args: ["--no-sandbox"] });
  });
  afterAll(async () => {
    await browser?.close();
    rmSync(folder, { recursive: true });
  });

  test.each([1200, 400])(
    "is drawn without a script's error, and is no wider than a window of %d pixels",
    async (width) => {
      const page = await browser.newPage({ viewport: { width, height: 900 } });
      const errors: string[] = [];
      page.on("pageerror", ({ message }) => errors.push(message));
      page.on("requestfailed", (request) => errors.push(request.url()));
      page.on("console", (message) => message.type() === "error" && errors.push(message.text()));
      await page.goto(pathToFileURL(file).href);

      expect(errors).toEqual([]);
      expect(await page.evaluate("document.documentElement.scrollWidth")).toBeLessThanOrEqual(width);
      expect(await page.locator("svg circle.location").count()).toBe(40);
      expect(await page.locator("svg circle.origin").count()).toBe(12);
      const inked = await page.evaluate(countInked);
      expect(inked).toHaveLength(5);
      for (const pixels of inked as number[]) expect(pixels).toBeGreaterThan(100);
      const sizes = await page.evaluate(readSizes);
      for (const size of sizes as number[]) expect(size).toBeGreaterThanOrEqual(10);
    },
  );

  test("needs nothing but itself", async () => {
    const page = await browser.newPage();
    const asked: string[] = [];
    page.on("request", (request) => asked.push(request.url()));
    await page.goto(pathToFileURL(file).href);
    expect(asked).toEqual([pathToFileURL(file).href]);
  });
});

/** Of each plot, the pixels that have one of the lines' colours: neither grey nor see-through. */
const countInked = `[...document.querySelectorAll(".plot canvas")].map((canvas) => {
  const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
  let inked = 0;
  for (let at = 0; at < data.length; at += 4) {
    const [red, green, blue, alpha] = data.slice(at, at + 4);
    if (alpha > 200 && Math.max(red, green, blue) - Math.min(red, green, blue) > 60) inked++;
  }
  return inked;
})`;

/** Of all texts, the sizes in pixels. */
const readSizes = `[...document.querySelectorAll("p, dt, dd, td, th, figcaption, .u-legend *")]
  .map((element) => parseFloat(getComputedStyle(element).fontSize))`;
