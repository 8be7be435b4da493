import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, onTestFinished, test } from "vitest";
import { loadConfig } from "../../src/config/config.ts";
import { parseOrigins, serveOrigins } from "../../scripts/start/origin-option.ts";
import { parsePort } from "../../scripts/start/port.ts";
import { withSecrets } from "../../scripts/start/secrets.ts";
import { StartError } from "../../scripts/start/start-error.ts";

describe("--origin URL[@LAT,LON]", () => {
  test.each([
    ["https://www.example.com", { name: "www-example-com", url: "https://www.example.com/" }],
    ["http://127.0.0.1:3000", { name: "127-0-0-1-3000", url: "http://127.0.0.1:3000/" }],
    ["http://[::1]:3000/app", { name: "1-3000", url: "http://[::1]:3000/app" }],
    ["https://a.example@50.1,8.7", { name: "a-example", url: "https://a.example/", at: [50.1, 8.7] }],
    [
      "https://a.example:8443/base@-33,-70.6",
      { name: "a-example-8443", url: "https://a.example:8443/base", at: [-33, -70.6] },
    ],
    ["https://a.example/@home", { name: "a-example", url: "https://a.example/@home" }],
    ["https://a.example/@home@0,+180", { name: "a-example", url: "https://a.example/@home", at: [0, 180] }],
  ])("%s", (text, origin) => {
    expect(parseOrigins([text])).toEqual([origin]);
  });

  test("of the same host get names of their own", () => {
    const names = parseOrigins([
      "http://a.example/x",
      "http://a.example/y",
      "http://b.example",
      "http://a.example/z",
    ]).map(({ name }) => name);
    expect(names).toEqual(["a-example", "a-example-2", "b-example", "a-example-3"]);
  });

  test.each([
    ["www.example.com", "Give a URL"],
    ["", "Give a URL"],
    ["ftp://example.com", "http or https, not ftp:"],
    ["http://example.com/?a=1", "no query"],
    ["http://example.com/#a", "no fragment"],
    ["http://example.com@91,0", "The latitude 91"],
    ["http://example.com@0,-180.5", "The longitude -180.5"],
    ["http://user:secret@example.com", "password"],
    ["http://user:secret@example.com@50,8", "password"],
  ])("%j is refused", (text, says) => {
    expect(() => parseOrigins([text])).toThrow(StartError);
    expect(() => parseOrigins([text])).toThrow(says);
    expect(() => parseOrigins([text])).not.toThrow("secret");
  });

  test("whatever is taken makes a config without problems", () => {
    const part = fc.oneof(fc.webUrl(), fc.webUrl({ withFragments: true, withQueryParameters: true }), fc.string());
    const suffix = fc.oneof(
      fc.constant(""),
      fc.tuple(fc.double(), fc.double()).map(([lat, lon]) => `@${lat},${lon}`),
    );
    const texts = fc.array(
      fc.tuple(part, suffix).map((parts) => parts.join("")),
      { minLength: 1, maxLength: 4 },
    );
    fc.assert(
      fc.property(texts, (given) => {
        const taken = given.filter((text) => isTaken(text));
        fc.pre(taken.length > 0);
        expect(loadConfig(serveOrigins(parseOrigins(taken)).vars)).toMatchObject({ kind: "config" });
      }),
    );
  });
});

test.each([
  ["0", 0],
  ["8787", 8787],
  ["65535", 65_535],
])("--port %s", (text, port) => {
  expect(parsePort(text)).toBe(port);
});

test.each(["x", "-1", "65536", "80.5", "", "1e3", " 80"])("--port %j is refused", (text) => {
  expect(() => parsePort(text)).toThrow("A port is a number from 0 to 65535.");
});

test("secrets come from .dev.vars in the directory, over the vars, and the token from the environment before that", () => {
  const directory = mkdtempSync(join(tmpdir(), "perigee-test-"));
  onTestFinished(() => rmSync(directory, { recursive: true }));
  const serving = { ...serveOrigins([]), vars: { SIGNING_KEY: "to be replaced", SETTINGS: {} } };
  expect(withSecrets(serving, directory, { OTHER: "not asked for" }).vars).toEqual(serving.vars);
  writeFileSync(join(directory, ".dev.vars"), 'ADMIN_TOKEN="filed"\nSIGNING_KEY=secret\n');
  const filed = { ADMIN_TOKEN: "filed", SIGNING_KEY: "secret", SETTINGS: {} };
  expect(withSecrets(serving, directory, { ADMIN_TOKEN: "" }).vars).toEqual(filed);
  expect(withSecrets(serving, directory, { ADMIN_TOKEN: "given" }).vars).toEqual({ ...filed, ADMIN_TOKEN: "given" });
});

function isTaken(text: string): boolean {
  try {
    return parseOrigins([text]).length === 1;
  } catch (error) {
    expect(error).toBeInstanceOf(StartError);
    return false;
  }
}
