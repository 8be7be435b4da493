import type { Edge } from "../../edge.ts";
import { toBase64Url } from "../../http/base64.ts";

/** As many results are remembered. */
const most = 2_000;

const algorithm = { name: "HMAC", hash: "SHA-256" } as const;

/** By WebCrypto. A key is imported once; what was asked for before is known. */
export function createMac(secret: Edge["secret"]): Edge["mac"] {
  const keys = new Map<string, CryptoKey>();
  const results = new Map<string, string>();
  const encoder = new TextEncoder();

  const keyOf = async (name: string, value: string): Promise<CryptoKey> => {
    const known = keys.get(name);
    if (known) return known;
    const key = await crypto.subtle.importKey("raw", encoder.encode(value), algorithm, false, ["sign"]);
    keys.set(name, key);
    return key;
  };

  // What is kept are results, never promises: those belong to the request that made them.
  return async (name, text) => {
    const value = secret(name);
    if (value === undefined) return undefined;
    const about = `${name} ${text}`;
    const known = results.get(about);
    if (known !== undefined) return known;
    const bytes = await crypto.subtle.sign(algorithm, await keyOf(name, value), encoder.encode(text));
    const mac = toBase64Url(new Uint8Array(bytes));
    if (results.size >= most) results.clear();
    results.set(about, mac);
    return mac;
  };
}
