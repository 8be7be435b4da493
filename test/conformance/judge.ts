/** Whether the client and the origin saw what the case expects. */
import { written, type Exchange } from "./case.ts";
import { bodyOf, type Script, type Seen } from "./origin.ts";
import type { Received } from "./play.ts";

export type Verdict =
  | { readonly kind: "passed" }
  /** The exchange that prepares the case went wrong, so nothing is known of it. */
  | { readonly kind: "setup-failed"; readonly why: string }
  | { readonly kind: "failed"; readonly why: string };

interface Evidence {
  readonly received: Received;
  readonly script: Script;
}

/** What one check finds wrong, or undefined. `name` is how `setup_tests` refers to it. */
interface Check {
  readonly name: string;
  readonly wrong: (exchange: Exchange, facts: Facts) => string | undefined;
}

interface Facts extends Evidence {
  readonly number: number;
  /** The client's request as the origin saw it; undefined when it didn't. */
  readonly seen: Seen | undefined;
  /** Which of the origin's answers the client got, counted from 1; NaN when it can't be told. */
  readonly answer: number;
}

const checks: readonly Check[] = [
  { name: "expected_type", wrong: wrongType },
  { name: "expected_status", wrong: wrongStatus },
  { name: "expected_response_headers", wrong: wrongHeaders },
  { name: "expected_response_headers_missing", wrong: presentHeaders },
  { name: "expected_response_text", wrong: wrongText },
  { name: "expected_interim_responses", wrong: wrongInterim },
  { name: "expected_cache_status", wrong: wrongCacheStatus },
  { name: "response_headers", wrong: changedHeaders },
  { name: "expected_method", wrong: wrongMethod },
  { name: "expected_request_headers", wrong: wrongRequestHeaders },
  { name: "expected_request_headers_missing", wrong: presentRequestHeaders },
];

/** @param number of the exchange in its case, from 1. */
export function judge(exchange: Exchange, number: number, evidence: Evidence): Verdict {
  const { received, script } = evidence;
  const seen = script.seen.find((one) => one.number === number);
  const facts = { ...evidence, number, seen, answer: Number(received.headers["server-request-count"]) };
  for (const { name, wrong } of checks) {
    const why = wrong(exchange, facts);
    if (why === undefined) continue;
    const isSetup = exchange.setup || exchange.setup_tests?.includes(name);
    return { kind: isSetup ? "setup-failed" : "failed", why: `request ${number}: ${why}` };
  }
  return { kind: "passed" };
}

function wrongType({ expected_type: type }: Exchange, { seen, answer, script }: Facts): string | undefined {
  const isOwn = seen !== undefined && (Number.isNaN(answer) || script.seen[answer - 1] === seen);
  if (type === "cached" && isOwn) return "came from the origin";
  if (type === "not_cached" && !isOwn)
    return script.seen[answer - 1]?.number === seen?.number
      ? "the origin was asked more than once"
      : "came from the cache";
  if (type === "etag_validated" && !seen?.headers["if-none-match"]) return "was not validated by If-None-Match";
  if (type === "lm_validated" && !seen?.headers["if-modified-since"]) return "was not validated by If-Modified-Since";
  return undefined;
}

function wrongStatus(exchange: Exchange, { received }: Facts): string | undefined {
  const { expected_status, response_status, disconnect } = exchange;
  if (expected_status === null || (disconnect && expected_status === undefined)) return undefined;
  const expected = expected_status ?? response_status?.[0] ?? 200;
  return received.status === expected ? undefined : `status ${received.status}, not ${expected}`;
}

function wrongHeaders({ expected_response_headers = [] }: Exchange, facts: Facts): string | undefined {
  const { received, script, answer } = facts;
  const sentAt = script.seen[answer - 1]?.at ?? Date.now();
  for (const expected of expected_response_headers) {
    const [name, said, than] = typeof expected === "string" ? [expected] : expected;
    const value = typeof said === "number" ? written([name, said], sentAt)[1] : said;
    const got = valueOf(received, name);
    if (got === undefined) return `${name} is missing`;
    if (value === ">" && !(Number(got) > Number(than))) return `${name}: ${got}, not above ${than}`;
    if (value === "=" && got !== valueOf(received, String(than))) return `${name}: ${got}, not as ${than}`;
    if (value !== undefined && value !== ">" && value !== "=" && got !== String(value)) {
      return `${name}: ${got}, not ${String(value)}`;
    }
  }
  return undefined;
}

function presentHeaders({ expected_response_headers_missing: names = [] }: Exchange, { received }: Facts) {
  const present = names.find((unwanted) => {
    const [name, value] = typeof unwanted === "string" ? [unwanted] : unwanted;
    const got = valueOf(received, name);
    return got !== undefined && (value === undefined || got === String(value));
  });
  return present && `${String(present)} is there`;
}

function wrongText(exchange: Exchange, { received, script, seen, answer }: Facts): string | undefined {
  const { expected_response_text: text, check_body } = exchange;
  if (text === null || check_body === false || received.status === 304 || exchange.request_method === "HEAD")
    return undefined;
  if (text !== undefined) return received.body === text ? undefined : `body "${received.body}", not "${text}"`;
  const source = script.seen[answer - 1] ?? seen;
  const isConfirmed = source && script.exchanges[source.number - 1]?.expected_type?.endsWith("validated");
  if (!source || isConfirmed || received.status === 204) return undefined;
  const expected = bodyOf(script.exchanges[source.number - 1] ?? {}, script);
  const isWhole = received.status !== 206 && source.method !== "HEAD";
  return !isWhole || received.body === expected ? undefined : `body "${received.body}", not "${expected}"`;
}

function wrongInterim({ expected_interim_responses: expected }: Exchange, { received }: Facts): string | undefined {
  if (!expected) return undefined;
  const codes = (expected as readonly (readonly [number])[]).map(([code]) => code);
  return String(received.interim) === String(codes)
    ? undefined
    : `interim answers ${received.interim.join()}, not ${codes.join()}`;
}

/** What the edge nearest to the client says; its member is the last (RFC 9211 §2). */
function wrongCacheStatus({ expected_cache_status: wanted = [] }: Exchange, { received }: Facts): string | undefined {
  if (wanted.length === 0) return undefined;
  const member = valueOf(received, "cache-status")?.split(",").at(-1) ?? "";
  const said = new Map(member.split(";").map((part) => part.trim().split("=", 2) as [string, string | undefined]));
  const missing = wanted.find((claim) => !claims(said, claim));
  return missing && `Cache-Status "${member.trim()}" doesn't say ${missing}`;
}

function claims(said: ReadonlyMap<string, string | undefined>, claim: string): boolean {
  const [, not, name, than, value] = /^(!?)([\w-]+)(?:([=<>])(.+))?$/.exec(claim)!;
  const got = said.get(name!);
  const compare = {
    "=": () => got === value,
    "<": () => Number(got) < Number(value),
    ">": () => Number(got) > Number(value),
  };
  const holds = than ? said.has(name!) && compare[than as keyof typeof compare]() : said.has(name!);
  return not ? !holds : holds;
}

/** The fields of the origin's answer that the client got must have come through unchanged. */
function changedHeaders(_: Exchange, { received, seen, answer, script }: Facts): string | undefined {
  if (!seen || script.seen[answer - 1] !== seen) return undefined;
  for (const [name, value] of seen.answered) {
    const all = seen.answered.filter(([other]) => other.toLowerCase() === name.toLowerCase()).map(([, one]) => one);
    const got = valueOf(received, name);
    if (got !== value && got !== all.join(", ")) return `${name}: ${got}, not ${value}`;
  }
  return undefined;
}

function wrongMethod({ expected_method }: Exchange, { seen }: Facts): string | undefined {
  if (expected_method === undefined || seen?.method === expected_method) return undefined;
  return `the origin saw ${seen?.method ?? "nothing"}, not ${expected_method}`;
}

function wrongRequestHeaders({ expected_request_headers = [] }: Exchange, { seen }: Facts): string | undefined {
  for (const expected of expected_request_headers) {
    const [name, value] = typeof expected === "string" ? [expected] : expected;
    const got = seen?.headers[name.toLowerCase()];
    if (got === undefined || (value !== undefined && got !== String(value)))
      return `the origin saw ${name}: ${String(got)}`;
  }
  return undefined;
}

function presentRequestHeaders(
  { expected_request_headers_missing = [] }: Exchange,
  { seen }: Facts,
): string | undefined {
  for (const unwanted of expected_request_headers_missing) {
    const [name, value] = typeof unwanted === "string" ? [unwanted] : unwanted;
    const got = seen?.headers[name.toLowerCase()];
    if (got !== undefined && (value === undefined || got === String(value)))
      return `the origin saw ${name}: ${String(got)}`;
  }
  return undefined;
}

function valueOf({ headers }: Received, name: string): string | undefined {
  const value = headers[name.toLowerCase()];
  const joined = Array.isArray(value) ? value.join(", ") : value;
  return joined && Buffer.from(joined, "latin1").toString();
}
