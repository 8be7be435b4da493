import { expect, test } from "vitest";
import { createSigner } from "../../../src/platform/memory/signer.ts";

const base64 = (bytes: Uint8Array | undefined): string => btoa(String.fromCharCode(...bytes!));

test("HMAC-SHA-256 by a secret's text, as RFC 4231 §4.3 has it", async () => {
  const sign = createSigner(() => "Jefe");
  const bytes = await sign({ secret: "KEY", algorithm: "hmac-sha256" }, "what do ya want for nothing?");
  expect(base64(bytes)).toBe("W9zBRr9gdU5qBCQmCJV1x1oAPwidJzmDnexYuWTsOEM=");
});

/** The key of RFC 9421, appendix B.1.4. */
const key = "MC4CAQAwBQYDK2VwBCIEIJ+DYvh6SEqVTm50DFtMDoQikTmiCqirVv9mWG9qfSnF";

/** What appendix B.2.6 signs with it. */
const text = `"date": Tue, 20 Apr 2021 02:07:55 GMT
"@method": POST
"@path": /foo
"@authority": example.com
"content-type": application/json
"content-length": 18
"@signature-params": ("date" "@method" "@path" "@authority" "content-type" "content-length");created=1618884473;keyid="test-key-ed25519"`;

test.for([
  ["PEM", `-----BEGIN PRIVATE KEY-----\n${key}\n-----END PRIVATE KEY-----\n`],
  ["its base64 in one line", key],
])("Ed25519 by a key in %s, as RFC 9421 has it", async ([, secret]) => {
  const sign = createSigner(() => secret);
  const by = { secret: "KEY", algorithm: "ed25519" } as const;
  const signature = "wqcAqbmYJ2ji2glfAMaRy4gruYYnx2nEFN2HN6jrnDnQCK1u02Gb04v9EDgwUPiu4A0w6vuQv5lIp5WPpBKRCw==";
  for (const _ of ["imported", "known"]) expect(base64(await sign(by, text))).toBe(signature);
});

test("no secret signs nothing, and a text that is no key fails", async () => {
  const by = { secret: "KEY", algorithm: "ed25519" } as const;
  expect(await createSigner(() => undefined)(by, "text")).toBeUndefined();
  for (const wrong of ["no base64!", "AAAA", ""]) await expect(createSigner(() => wrong)(by, "text")).rejects.toThrow();
});
