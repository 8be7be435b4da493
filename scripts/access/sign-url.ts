/** Signs URLs as the edge reads them. */
import { createHmac } from "node:crypto";
import { parseAddress } from "../../src/http/address.ts";
import { plainAddress } from "../../src/http/ip-form.ts";
import { withoutParameters } from "../../src/http/query.ts";
import { textOfSignedUrl, writeUrlSignature, type UrlScope } from "../../src/http/signed-url.ts";

/** Why it can't be signed. */
export class SignUrlError extends Error {}

export interface Signing {
  /** Seconds since the epoch. */
  readonly expires: number;
  readonly prefix?: string;
  readonly address?: string;
  readonly parameter: string;
}

/** @throws SignUrlError when the URL, the prefix or the address is none. */
export function signUrl(url: string, key: string, { expires, prefix, address, parameter }: Signing): string {
  const parsed = parseAddress(url);
  if (!parsed || !/^https?:$/.test(parsed.protocol))
    throw new SignUrlError(`${url} is no URL such as https://www.example.com/film.mp4.`);
  const ip = address === undefined ? "" : plainAddress(address);
  if (address !== undefined && ip === "") throw new SignUrlError(`${address} is no address.`);
  const scope: UrlScope = {
    expires,
    segments: prefix === undefined ? undefined : segmentsOf(prefix, parsed.pathname),
    isForAddress: ip !== "",
  };
  const text = textOfSignedUrl(scope, { url: parsed, parameter, ip });
  if (text === undefined) throw new SignUrlError(`${prefix} has no path above the URL's last segment.`);
  const mac = createHmac("sha256", key).update(text).digest("base64url");
  const bare = withoutParameters(parsed, [parameter]).href;
  const [before, fragment] = bare.split("#", 2);
  const signed = `${before}${before!.includes("?") ? "&" : "?"}${parameter}=${writeUrlSignature({ ...scope, mac })}`;
  return fragment === undefined ? signed : `${signed}#${fragment}`;
}

function segmentsOf(prefix: string, path: string): number {
  if (!prefix.startsWith("/") || !prefix.endsWith("/") || !path.startsWith(prefix) || prefix === "/") {
    throw new SignUrlError(`${prefix} is no path such as /videos/ that begins the URL's: ${path}.`);
  }
  return prefix.split("/").length - 2;
}
