import {
  createLocalJWKSet,
  errors,
  jwtVerify,
  type JWTPayload,
  type JWTVerifyGetKey,
  type JWTVerifyOptions,
} from "jose";
import type { Jwt } from "../../config/access.ts";
import type { Edge } from "../../edge.ts";
import { takeCookie } from "../../http/cookie.ts";
import type { Lookup } from "../../lookups.ts";
import type { Identified } from "../../visit.ts";
import { fetchDocument, type Fetching } from "../document.ts";
import { letPass, type Shown } from "./shown.ts";

/** RFC 6750 §2.1; the scheme's letter case means nothing (RFC 9110 §11.1). */
const bearer = /^bearer +(\S+) *$/i;

/** Characters of a token at most. */
const longest = 8_192;

const [minute, hour] = [60_000, 3_600_000];

const fetching: Fetching = {
  accept: "application/jwk-set+json, application/json",
  timeout: 5_000,
  most: 256 << 10,
  fresh: [10 * minute, 24 * hour],
};

/**
 * By a token that somebody signed whom the rule believes (RFC 7519, RFC 8725). It goes on to the origin, which may want to know who it
 * is; one from a cookie as `Authorization`, too, by which every cache knows that the answer may be for one person.
 */
export async function showToken(jwt: Jwt, visit: Identified, edge: Edge): Promise<Shown> {
  const { token, isCookie } = tokenIn(visit, jwt.cookie);
  if (token === undefined) return refused("none");
  if (token.length > longest) return refused("too-long");
  const read = await verify(token, jwt, edge);
  if (read === "no-keys") return { kind: "refused", because: "access-undecided", flaw: read };
  if (typeof read === "string") return refused(read);
  const wrong = Object.entries(jwt.claims).find(([name, value]) => !holds(read[name], value));
  if (wrong) return refused("claim");
  return letPass(isCookie ? { fields: { authorization: `Bearer ${token}` } } : {});
}

/** RFC 6750 §3: who showed nothing is told no error. */
function refused(flaw: string): Shown {
  const error = flaw === "none" ? "" : ', error="invalid_token"';
  return {
    kind: "refused",
    because: "sign-in-needed",
    flaw,
    fields: { "www-authenticate": `Bearer realm="restricted"${error}` },
  };
}

function tokenIn(
  { fields }: Identified,
  cookie: string | undefined,
): { readonly token: string | undefined; readonly isCookie: boolean } {
  const field = fields.get("authorization");
  const token = field === undefined ? undefined : (bearer.exec(field)?.[1] ?? "");
  if (token !== undefined || cookie === undefined) return { token, isCookie: false };
  return { token: takeCookie(fields.get("cookie") ?? "", cookie)?.values[0], isCookie: true };
}

/** What the token says, or what is wrong with it. */
async function verify(token: string, jwt: Jwt, edge: Edge): Promise<JWTPayload | string> {
  const { by, algorithms, issuer, audience, skew } = jwt;
  const options: JWTVerifyOptions = {
    algorithms: [...algorithms],
    ...(issuer !== undefined && { issuer }),
    ...(audience.length > 0 && { audience: [...audience] }),
    clockTolerance: skew / 1000,
    currentDate: new Date(edge.now()),
    requiredClaims: ["exp"],
  };
  if ("secret" in by) {
    const secret = edge.secret(by.secret);
    return secret === undefined ? "no-keys" : judge(jwtVerify(token, new TextEncoder().encode(secret), options));
  }
  const [name, lookup] = [`keys ${by.keys}`, keysAt(by.keys, edge)];
  const keys = await edge.lookups.wait(name, lookup);
  if (!keys) return "no-keys";
  const read = await judge(jwtVerify(token, keys, options));
  if (read !== "unknown-key") return read;
  // A key that was made since they were read.
  const newer = await edge.lookups.renew(name, lookup);
  return newer === keys ? read : judge(jwtVerify(token, newer!, options));
}

async function judge(verifying: Promise<{ readonly payload: JWTPayload }>): Promise<JWTPayload | string> {
  try {
    return (await verifying).payload;
  } catch (error) {
    return (error instanceof errors.JOSEError && flaws[error.code]) || "unreadable";
  }
}

/** For the trail. */
const flaws: Readonly<Record<string, string>> = {
  ERR_JWT_EXPIRED: "expired",
  ERR_JWT_CLAIM_VALIDATION_FAILED: "claim",
  ERR_JWS_SIGNATURE_VERIFICATION_FAILED: "wrong",
  ERR_JOSE_ALG_NOT_ALLOWED: "algorithm",
  ERR_JWKS_NO_MATCHING_KEY: "unknown-key",
  ERR_JWKS_MULTIPLE_MATCHING_KEYS: "unknown-key",
};

function keysAt(url: string, edge: Edge): Lookup<JWTVerifyGetKey> {
  const ask = async () => {
    const { value, fresh } = await fetchDocument(url, fetching, edge);
    return { value: createLocalJWKSet(JSON.parse(value)), fresh };
  };
  return { ask, stale: 24 * hour, again: minute };
}

function holds(claim: unknown, value: unknown): boolean {
  return Array.isArray(claim) ? claim.includes(value) : claim === value;
}
