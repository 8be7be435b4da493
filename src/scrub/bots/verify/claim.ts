/** What a signature of a bot claims, read from the request alone (draft-ietf-webbotauth-httpsig-protocol). */
import { parseDictionary, parseItem } from "structured-headers";
import type { Fields } from "../../../http/fields.ts";
import { parseSignatures, type Signed } from "../../../http/message-signature.ts";

/** A signature that is meant to show who the bot is. */
export interface Claim extends Signed {
  /** The host whose keys sign, in lower case; undefined when none is named that could have any. */
  readonly host: string | undefined;
  readonly keyid: string;
  /** Seconds since the epoch. */
  readonly created: number;
  readonly expires: number;
  readonly nonce: string | undefined;
}

/** What a signature must be called to be meant for this. */
const tag = "web-bot-auth";

/** The first claim of a request; undefined when it makes none, "unreadable" when one can't be understood. */
export function claimOf(fields: Fields): Claim | "unreadable" | undefined {
  if (!fields.has("signature-agent") || !fields.has("signature-input")) return undefined;
  const signed = [...parseSignatures(fields).values()].find(
    ({ input: [, parameters] }) => parameters.get("tag") === tag,
  );
  if (!signed) return undefined;
  const [covered, parameters] = signed.input;
  const [keyid, created, expires, nonce] = ["keyid", "created", "expires", "nonce"].map((name) => parameters.get(name));
  const isWhole =
    typeof keyid === "string" &&
    typeof created === "number" &&
    typeof expires === "number" &&
    (nonce === undefined || typeof nonce === "string") &&
    [undefined, "ed25519"].includes(parameters.get("alg") as string | undefined) &&
    covered.some(([name]) => name === "@authority" || name === "@target-uri");
  if (!isWhole) return "unreadable";
  return { ...signed, host: hostOf(fields.get("signature-agent")!, covered), keyid, created, expires, nonce };
}

/** The host that the signature itself covers: another one in the same field may have been put there by anybody. */
function hostOf(field: string, covered: Signed["input"][0]): string | undefined {
  const component = covered.find(([name]) => name === "signature-agent");
  const url = component && URL.parse(agentIn(field, component[1].get("key")));
  return url?.protocol === "https:" && url.port === "" ? url.hostname : undefined;
}

/** The URL: a dictionary's member, or, in earlier drafts, all of the field; "" when it is neither. */
function agentIn(field: string, key: unknown): string {
  try {
    const [value] = typeof key === "string" ? (parseDictionary(field).get(key) ?? []) : parseItem(field);
    return typeof value === "string" ? value : "";
  } catch {
    return "";
  }
}
