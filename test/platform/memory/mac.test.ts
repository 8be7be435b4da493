import { expect, test } from "vitest";
import { createMac } from "../../../src/platform/memory/mac.ts";
import { createSigner } from "../../../src/platform/memory/signer.ts";

test("is what RFC 4231 §4.3 says, as base64url, however often it is asked for", async () => {
  const mac = createMac(createSigner(() => "Jefe"));
  for (let time = 0; time < 3; time++) {
    expect(await mac("KEY", "what do ya want for nothing?")).toBe("W9zBRr9gdU5qBCQmCJV1x1oAPwidJzmDnexYuWTsOEM");
  }
});

test("secrets are kept apart, and without one there is none", async () => {
  const mac = createMac(createSigner((name) => (name === "NONE" ? undefined : `secret ${name}`)));
  expect(await mac("ONE", "text")).not.toBe(await mac("TWO", "text"));
  expect(await mac("NONE", "text")).toBeUndefined();
});

test("forgets, and still knows", async () => {
  const mac = createMac(createSigner(() => "key"));
  const first = await mac("KEY", "0");
  for (let text = 0; text < 2_100; text++) await mac("KEY", String(text));
  expect(await mac("KEY", "0")).toBe(first);
});

test("texts that are long are known by nobody afterwards, and signed as well", async () => {
  let signed = 0;
  const sign = createSigner(() => "key");
  const mac = createMac(async (by, text) => (signed++, sign(by, text)));
  const long = "x".repeat(600);
  expect(await mac("KEY", long)).toBe(await mac("KEY", long));
  expect(await mac("KEY", "short")).toBe(await mac("KEY", "short"));
  expect(signed).toBe(3);
});
