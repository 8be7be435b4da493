/** The keys by which those who run bots sign (draft-meunier-webbotauth-httpsig-directory). */
import type { Edge } from "../../../edge.ts";
import { toBase64Url } from "../../../http/base64.ts";
import type { Lookup } from "../../../lookups.ts";
import { fetchDocument, type Fetching } from "../../document.ts";

/** By the thumbprint of the key (RFC 7638). */
export type Directory = ReadonlyMap<string, DirectoryKey>;

export interface DirectoryKey {
  readonly key: CryptoKey;
  /** Milliseconds since the epoch, from which and until which it holds. */
  readonly from: number;
  readonly until: number;
}

const [minute, hour] = [60_000, 3_600_000];

const fetching: Fetching = {
  accept: "application/http-message-signatures-directory+json",
  timeout: 2_000,
  most: 64 << 10,
  fresh: [10 * minute, 24 * hour],
};

/** As many keys of one directory are read. */
const mostKeys = 100;

/** How the keys of a host are found out. */
export function directoryOf(host: string, edge: Edge): Lookup<Directory> {
  const url = `https://${host}/.well-known/http-message-signatures-directory`;
  const ask = async () => {
    const { value, fresh } = await fetchDocument(url, fetching, edge);
    return { value: await readDirectory(value), fresh };
  };
  return { ask, stale: 24 * hour, again: minute };
}

/**
 * The Ed25519 keys of a key set (RFC 7517 §5). Other keys are passed over.
 * @throws when it is no key set.
 */
async function readDirectory(text: string): Promise<Directory> {
  const { keys } = JSON.parse(text) as { readonly keys: readonly unknown[] };
  if (!Array.isArray(keys)) throw new TypeError("a directory without keys");
  const read = await Promise.all(keys.slice(0, mostKeys).map(readKey));
  return new Map(read.flat());
}

/** A public Ed25519 key (RFC 8037 §2), and when it holds. */
interface Jwk {
  readonly kty: "OKP";
  readonly crv: "Ed25519";
  readonly x: string;
  readonly nbf?: unknown;
  readonly exp?: unknown;
}

async function readKey(jwk: unknown): Promise<[string, DirectoryKey][]> {
  if (!isJwk(jwk)) return [];
  const { kty, crv, x, nbf, exp } = jwk;
  try {
    const key = await crypto.subtle.importKey("jwk", { kty, crv, x }, { name: "Ed25519" }, false, ["verify"]);
    return [
      [
        await thumbprint(jwk),
        { key, from: milliseconds(nbf) ?? 0, until: milliseconds(exp) ?? Number.POSITIVE_INFINITY },
      ],
    ];
  } catch {
    return [];
  }
}

function isJwk(value: unknown): value is Jwk {
  const { kty, crv, x } = (value ?? {}) as Partial<Record<keyof Jwk, unknown>>;
  return kty === "OKP" && crv === "Ed25519" && typeof x === "string";
}

/** RFC 7638 §3, RFC 8037 §2: of the members that every such key has, in this order. */
async function thumbprint({ crv, kty, x }: Jwk): Promise<string> {
  const text = new TextEncoder().encode(JSON.stringify({ crv, kty, x }));
  return toBase64Url(new Uint8Array(await crypto.subtle.digest("SHA-256", text)));
}

/** Of seconds. */
function milliseconds(seconds: unknown): number | undefined {
  return typeof seconds === "number" ? seconds * 1000 : undefined;
}
