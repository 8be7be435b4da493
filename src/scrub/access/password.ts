/** Passwords as they are kept: as what a key derivation makes of them (PBKDF2, RFC 8018 §5.2), which can't be turned back. */
import { toBase64Url } from "../../http/base64.ts";
import { isSameSecret } from "../../http/same.ts";

export interface PasswordHash {
  readonly iterations: number;
  /** base64url. */
  readonly salt: string;
  readonly hash: string;
}

/** The platform derives with no more. */
export const mostIterations = 100_000;

/** `pbkdf2-sha256.ITERATIONS.SALT.HASH`. */
const form = /^pbkdf2-sha256\.(\d{1,6})\.([\w-]{16,128})\.([\w-]{43})$/;

/** `NAME:HASH`, a user a line; empty lines and those that begin with "#" are none. What can't be understood is nobody. */
export function readUsers(text: string): ReadonlyMap<string, PasswordHash> {
  const lines = text.split(/[\r\n]+/).filter((line) => line.trim() !== "" && !line.startsWith("#"));
  return new Map(lines.flatMap((line) => readUser(line.trim())));
}

function readUser(line: string): [string, PasswordHash][] {
  const colon = line.indexOf(":");
  const [, iterations, salt, hash] = form.exec(line.slice(colon + 1)) ?? [];
  if (colon <= 0 || salt === undefined || hash === undefined) return [];
  if (Number(iterations) < 1 || Number(iterations) > mostIterations) return [];
  return [[line.slice(0, colon), { iterations: Number(iterations), salt, hash }]];
}

/** The line of a user. */
export async function writeUser(
  name: string,
  password: string,
  how: Pick<PasswordHash, "iterations" | "salt">,
): Promise<string> {
  return `${name}:pbkdf2-sha256.${how.iterations}.${how.salt}.${await derive(password, how)}`;
}

/** Whether that is the password. Takes as long whatever it is. */
export async function isPassword(password: string, kept: PasswordHash): Promise<boolean> {
  return isSameSecret(await derive(password, kept), kept.hash);
}

/** 256 bits, as base64url. */
async function derive(
  password: string,
  { iterations, salt }: Pick<PasswordHash, "iterations" | "salt">,
): Promise<string> {
  const encoder = new TextEncoder();
  const key = await crypto.subtle.importKey("raw", encoder.encode(password), "PBKDF2", false, ["deriveBits"]);
  const how = { name: "PBKDF2", hash: "SHA-256", salt: encoder.encode(salt), iterations };
  return toBase64Url(new Uint8Array(await crypto.subtle.deriveBits(how, key, 256)));
}
