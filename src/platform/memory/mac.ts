import type { Edge } from "../../edge.ts";
import { toBase64Url } from "../../http/base64.ts";

/** As many results are remembered, of texts of as many characters: clients choose some of them. */
const [most, longest] = [2_000, 512];

/** What was asked for before is known. */
export function createMac(sign: Edge["sign"]): Edge["mac"] {
  const results = new Map<string, string>();
  return async (secret, text) => {
    const about = `${secret} ${text}`;
    const known = results.get(about);
    if (known !== undefined) return known;
    const bytes = await sign({ secret, algorithm: "hmac-sha256" }, text);
    if (bytes === undefined) return undefined;
    const mac = toBase64Url(bytes);
    if (about.length > longest) return mac;
    if (results.size >= most) results.clear();
    results.set(about, mac);
    return mac;
  };
}
