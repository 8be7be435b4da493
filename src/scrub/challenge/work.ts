/** Proof of work (ALTCHA): a number that has to be searched for, and is found at a look. */
import { createChallenge, verifySolution } from "altcha-lib/v1";
import type { Edge } from "../../edge.ts";
import { isMacOf } from "../../seal.ts";
import type { Sited } from "../../visit.ts";
import { boundTo } from "./clearance.ts";

/** What the browser gets: it finds the number from 0 to `maxnumber` of which, behind the salt, the hash (SHA-256) is `challenge`. */
export interface Work {
  readonly salt: string;
  readonly challenge: string;
  readonly maxnumber: number;
  readonly signature: string;
}

/** Milliseconds in which it must be done. */
const time = 300_000;

/** Bindings of the key, and of the one before it. */
const keys = ["SIGNING_KEY", "SIGNING_KEY_OLD"] as const;

/** Undefined without a key. */
export async function giveWork(visit: Sited, edge: Edge): Promise<Work | undefined> {
  const hmacKey = edge.secret(keys[0]);
  const until = Math.ceil((edge.now() + time) / 1000);
  const bound = await edge.mac(keys[0], textOf(visit, edge, until));
  if (hmacKey === undefined || bound === undefined) return undefined;
  const { salt, challenge, signature } = await createChallenge({
    algorithm: "SHA-256",
    hmacKey,
    maxnumber: edge.config.settings.challenge.work,
    params: { until: String(until), bound },
  });
  return { salt, challenge, signature, maxnumber: edge.config.settings.challenge.work };
}

/** Hexadecimal letters, and the parameters that {@link giveWork} writes. */
const saltForm = /^[\da-f]{24}\?until=(\d{10,11})&bound=([\w-]{43})&$/;

/** Whether the work was done that this client was given here, in time and for the first time. `answer` is JSON. */
export async function isDone(answer: string, visit: Sited, edge: Edge): Promise<boolean> {
  const done = readDone(answer);
  const [, written, mac] = saltForm.exec(done?.salt ?? "") ?? [];
  const until = Number(written);
  if (!done || mac === undefined || !(edge.now() < until * 1000)) return false;
  if (!(await isMacOf(edge, keys[0], { text: textOf(visit, edge, until), mac }))) return false;
  for (const name of keys) {
    const key = edge.secret(name);
    if (key !== undefined && (await verifySolution({ ...done, algorithm: "SHA-256" }, key, false))) {
      return edge.firstTime(`work ${done.salt}`, until * 1000);
    }
  }
  return false;
}

function textOf(visit: Sited, edge: Edge, until: number): string {
  return `${boundTo("work", visit, edge)} ${until}`;
}

interface Done extends Pick<Work, "salt" | "challenge" | "signature"> {
  readonly number: number;
}

function readDone(text: string): Done | undefined {
  try {
    const { salt, challenge, signature, number } = JSON.parse(text) as Partial<Record<keyof Done, unknown>>;
    const areTexts = typeof salt === "string" && typeof challenge === "string" && typeof signature === "string";
    return areTexts && typeof number === "number" && Number.isSafeInteger(number)
      ? { salt, challenge, signature, number }
      : undefined;
  } catch {
    return undefined;
  }
}
