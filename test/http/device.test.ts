import fc from "fast-check";
import { expect, test } from "vitest";
import { deviceOf } from "../../src/http/device.ts";
import { Fields } from "../../src/http/fields.ts";

const chrome = "AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0";
const deviceBy = (agent: string, hint?: string): string =>
  deviceOf(Fields.of({ "user-agent": agent, ...(hint !== undefined && { "sec-ch-ua-mobile": hint }) }));

test.for<[device: string, agent: string]>([
  ["phone", `Mozilla/5.0 (Linux; Android 10; K) ${chrome} Mobile Safari/537.36`],
  [
    "phone",
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_6 like Mac OS X) AppleWebKit/605.1.15 Version/26.0 Mobile/15E148 Safari/604.1",
  ],
  ["phone", "Shop/7.1 (iPhone; iOS 18.6; Scale/3.00)"],
  ["phone", "Mozilla/5.0 (Android 15; Mobile; rv:144.0) Gecko/144.0 Firefox/144.0"],
  ["phone", "Mozilla/5.0 (Mobile; Nokia_8110_4G; rv:48.0) Gecko/48.0 Firefox/48.0 KAIOS/2.5"],
  ["phone", "Opera/9.80 (J2ME/MIDP; Opera Mini/7.1/191; U; en) Presto/2.12 Version/12.16"],
  [
    "phone",
    `Mozilla/5.0 (Linux; Android 6.0.1; Nexus 5X Build/MMB29P) ${chrome} Mobile Safari/537.36 (compatible; Googlebot/2.1)`,
  ],
  ["tablet", `Mozilla/5.0 (Linux; Android 10; K) ${chrome} Safari/537.36`],
  [
    "tablet",
    "Mozilla/5.0 (iPad; CPU OS 16_6 like Mac OS X) AppleWebKit/605.1.15 Version/16.6 Mobile/15E148 Safari/604.1",
  ],
  ["tablet", "Mozilla/5.0 (Android 15; Tablet; rv:144.0) Gecko/144.0 Firefox/144.0"],
  ["tablet", "Mozilla/5.0 (Linux; U; en-us; KFAPWI) AppleWebKit/535.19 (KHTML, like Gecko) Silk/3.13 Safari/535.19"],
  ["tv", `Mozilla/5.0 (SMART-TV; LINUX; Tizen 7.0) ${chrome} TV Safari/537.36`],
  ["tv", `Mozilla/5.0 (Web0S; Linux/SmartTV) ${chrome} Safari/537.36`],
  ["tv", `Mozilla/5.0 (Linux; Android 11; AFTKA) ${chrome} Mobile Safari/537.36`],
  ["tv", `Mozilla/5.0 (X11; Linux armv7l) ${chrome} Safari/537.36 CrKey/1.56`],
  ["tv", `Mozilla/5.0 (Windows NT 10.0; Win64; x64; Xbox; Xbox One) ${chrome} Safari/537.36`],
  ["desktop", `Mozilla/5.0 (Windows NT 10.0; Win64; x64) ${chrome} Safari/537.36`],
  ["desktop", "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 Version/26.0 Safari/605.1.15"],
  ["desktop", "Mozilla/4.0 (compatible; MSIE 8.0; Windows NT 6.1; Trident/4.0; Tablet PC 2.0)"],
  ["desktop", "curl/8.5.0"],
  ["desktop", ""],
])("%s: %s", ([device, agent]) => {
  expect(deviceBy(agent)).toBe(device);
});

test("the hint decides between a phone and everything else", () => {
  expect(deviceBy(`Mozilla/5.0 (X11; Linux x86_64) ${chrome} Safari/537.36`, "?1")).toBe("phone");
  expect(deviceBy(`Mozilla/5.0 (Linux; Android 10; K) ${chrome} Mobile Safari/537.36`, "?0")).toBe("tablet");
  expect(deviceBy(`Mozilla/5.0 (Windows NT 10.0; Win64; x64) ${chrome} Safari/537.36`, "?0")).toBe("desktop");
  expect(deviceBy("Mozilla/5.0 (Android 15; Mobile; rv:144.0) Gecko/144.0", "maybe")).toBe("phone");
});

test("there is one for every request, and what a browser would not say is not read", () => {
  expect(deviceOf(new Fields())).toBe("desktop");
  expect(deviceBy(`${"x".repeat(1000)} iPhone`)).toBe("desktop");
  fc.assert(
    fc.property(fc.string({ unit: "binary" }), fc.string(), (agent, hint) => {
      expect(["phone", "tablet", "tv", "desktop"]).toContain(deviceBy(agent, hint));
    }),
  );
});
