import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { Fields } from "../../src/http/fields.ts";
import {
  addSignature,
  parseSignatures,
  signatureBase,
  toSignatureInput,
  type SignedRequest,
} from "../../src/http/message-signature.ts";

/** The request of RFC 9421, appendix B.2. */
const fields = Fields.of({
  host: "example.com",
  date: "Tue, 20 Apr 2021 02:07:55 GMT",
  "content-type": "application/json",
  "content-digest":
    "sha-512=:WZDPaVn/7XgHaAy8pmojAkGWoRx2UFChF41A2svX+TaPm+AbwAgBWnrIiYllu7BNNyealdVLvRwEmTHWXvJwew==:",
  "content-length": "18",
});

function requestOf(url = "https://example.com/foo?param=Value&Pet=dog", method = "POST"): SignedRequest {
  return { method, url: new URL(url), field: (name) => fields.get(name) };
}

const bytes = (base64: string): Uint8Array<ArrayBuffer> => Uint8Array.from(atob(base64), (char) => char.charCodeAt(0));
const text = (value: string): Uint8Array<ArrayBuffer> => Uint8Array.from(new TextEncoder().encode(value));

/** Keys, inputs and signatures are the RFC's: appendices B.1.4, B.1.5, B.2.5 and B.2.6. */
const vectors = [
  {
    name: "hmac-sha256 (B.2.5)",
    input: '("date" "@authority" "content-type");created=1618884473;keyid="test-shared-secret"',
    signature: "pxcQw6G3AjtMBQjwo8XzkZf/bws5LelbaMk5rGIGtE8=",
    algorithm: { name: "HMAC", hash: "SHA-256" },
    format: "raw",
    key: "uzvJfB4u3N0Jy4T7NZ75MDVcr8zSTInedJtkgcu46YW4XByzNJjxBdtjUkdJPBtbmHhIDi6pcl8jsasjlTMtDQ==",
  },
  {
    name: "ed25519 (B.2.6)",
    input:
      '("date" "@method" "@path" "@authority" "content-type" "content-length");created=1618884473;keyid="test-key-ed25519"',
    signature: "wqcAqbmYJ2ji2glfAMaRy4gruYYnx2nEFN2HN6jrnDnQCK1u02Gb04v9EDgwUPiu4A0w6vuQv5lIp5WPpBKRCw==",
    algorithm: { name: "Ed25519" },
    format: "spki",
    key: "MCowBQYDK2VwAyEAJrQLj5P/89iXES9+vFgrIy29clF9CC/oPPsw3c5D0bs=",
  },
] as const;

describe("the signatures of RFC 9421", () => {
  test.for(vectors)("are verified: $name", async ({ input, signature, algorithm, format, key }) => {
    const signed = Fields.of({ "signature-input": `sig=${input}`, signature: `sig=:${signature}:` });
    const found = parseSignatures(signed).get("sig")!;
    const verifier = await crypto.subtle.importKey(format, bytes(key), algorithm, false, ["verify"]);
    const verify = (request: SignedRequest): Promise<boolean> =>
      crypto.subtle.verify(algorithm, verifier, found.signature, text(signatureBase(found.input, request)!));
    expect(await verify(requestOf())).toBe(true);
    expect(await verify(requestOf("https://example.org/foo"))).toBe(false);
  });
});

describe("the base", () => {
  const covering = (components: readonly string[], request = requestOf()): string | undefined =>
    signatureBase(toSignatureInput(components, { created: 1, keyid: 'a "key"' }), request);

  test("has a line for each component, and says last what they are", () => {
    expect(covering(["@method", "content-type"])).toBe(
      '"@method": POST\n"content-type": application/json\n"@signature-params": ("@method" "content-type");created=1;keyid="a \\"key\\""',
    );
  });

  test.for([
    ["@target-uri", "https://example.com/foo?param=Value&Pet=dog"],
    ["@authority", "example.com"],
    ["@scheme", "https"],
    ["@request-target", "/foo?param=Value&Pet=dog"],
    ["@path", "/foo"],
    ["@query", "?param=Value&Pet=dog"],
  ])("knows %s (§2.2)", ([component, value]) => {
    expect(covering([component!])!.split("\n")[0]).toBe(`"${component}": ${value}`);
  });

  test("an authority is in lower case and without its scheme's port; no query is a bare question mark", () => {
    const request = requestOf("https://WWW.Example.com:443/", "GET");
    expect(covering(["@authority", "@query", "@path"], request)).toMatch(
      /^"@authority": www\.example\.com\n"@query": \?\n"@path": \/\n/,
    );
  });

  test.for([[["x-missing"]], [["@status"]], [["@query-param"]], [["@constructor"]], [["@path", "@path"]]])(
    "there is none over %j",
    ([components]) => {
      expect(covering(components!)).toBeUndefined();
    },
  );

  test("there is none over a component with parameters", () => {
    const field = Fields.of({ "signature-input": 'a=("date";req)', signature: "a=:AA==:" });
    expect(signatureBase(parseSignatures(field).get("a")!.input, requestOf())).toBeUndefined();
  });
});

describe("the fields", () => {
  const signed = { input: toSignatureInput(["@path"], { created: 1 }), signature: text("mine") };

  test("what is added is found again, beside what was there", () => {
    const theirs = Fields.of({ "signature-input": 'theirs=("@method");tag="x"', signature: "theirs=:AQID:" });
    addSignature(theirs, "edge", signed);
    expect(theirs.get("signature-input")).toBe('theirs=("@method");tag="x", edge=("@path");created=1');
    const found = parseSignatures(theirs);
    expect([...found.keys()]).toEqual(["theirs", "edge"]);
    expect(found.get("edge")!.signature).toEqual(signed.signature);
  });

  test.for(["edge=:AAAA:, edge=:AAAA:", "edge", 'keyId="x",algorithm="rsa-sha256"', "edge=:!:", "a=1,"])(
    "nobody can put %j in its place",
    (field) => {
      const forged = Fields.of({ "signature-input": 'edge=("@method");created=9', signature: field });
      addSignature(forged, "edge", signed);
      expect(parseSignatures(forged).get("edge")).toEqual(signed);
    },
  );

  test("no text makes reading them throw", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), fc.string(), (input, signature) => {
        const any = Fields.of({ "signature-input": input, signature });
        for (const { input: each } of parseSignatures(any).values()) signatureBase(each, requestOf());
        addSignature(any, "edge", signed);
        expect(parseSignatures(any).get("edge")).toEqual(signed);
      }),
    );
  });
});
