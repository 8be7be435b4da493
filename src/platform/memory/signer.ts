import type { Edge } from "../../edge.ts";

/** By WebCrypto: how a key is made of a secret's text, and what it is good for. */
const algorithms = {
  /** The text itself is the key (RFC 9421 §3.3.3). */
  "hmac-sha256": {
    format: "raw",
    of: { name: "HMAC", hash: "SHA-256" },
    bytes: (text: string) => encoder.encode(text),
  },
  /** PKCS #8, in PEM or only its base64 (§3.3.6). */
  ed25519: { format: "pkcs8", of: { name: "Ed25519" }, bytes: bytesOfPem },
} as const;

const encoder = new TextEncoder();

/** Keys are imported once. What is kept are keys, never promises: those belong to the request that made them. */
export function createSigner(secret: Edge["secret"]): Edge["sign"] {
  const keys = new Map<string, CryptoKey>();
  return async ({ secret: name, algorithm }, text) => {
    const value = secret(name);
    if (value === undefined) return undefined;
    const { format, of, bytes } = algorithms[algorithm];
    const about = `${algorithm} ${name}`;
    const key = keys.get(about) ?? (await crypto.subtle.importKey(format, bytes(value), of, false, ["sign"]));
    keys.set(about, key);
    return new Uint8Array(await crypto.subtle.sign(of, key, encoder.encode(text)));
  };
}

function bytesOfPem(text: string): Uint8Array<ArrayBuffer> {
  const base64 = text.replaceAll(/-----[A-Z ]+-----|\s+/g, "");
  return Uint8Array.from(atob(base64), (char) => char.charCodeAt(0));
}
