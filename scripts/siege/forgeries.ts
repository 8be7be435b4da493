/** What attackers send in place of what a browser does. */
import { formatAddress } from "../../src/http/ip-form.ts";
import type { Asked } from "./message.ts";
import { filmOf, tokenOf } from "./passes.ts";
import { secrets } from "./site.ts";

/** How an IPv4 address is said in IPv6: mapped, 6to4, NAT64. */
export const disguises: readonly ((word: number) => string)[] = [
  (word) => `::ffff:${formatAddress([word])}`,
  (word) => formatAddress([(0x20020000 | (word >>> 16)) >>> 0, (word << 16) >>> 0, 0, 1]),
  (word) => formatAddress([0x64ff9b, 0, 0, word]),
];

/** By which somebody else would have asked, if one believed it. */
export function forged(ip: string): Asked["fields"] {
  return {
    "x-forwarded-for": `${ip}, 127.0.0.1`,
    forwarded: `for=${ip};proto=https`,
    "x-real-ip": ip,
    "true-client-ip": ip,
    "x-client-ip": ip,
    "x-originating-ip": ip,
  };
}

export const agents: readonly string[] = [
  "Mozilla/5.0 AppleWebKit/537.36 (KHTML, like Gecko; compatible; GPTBot/1.2; +https://openai.com/gptbot)",
  "CCBot/2.0 (https://commoncrawl.org/faq/)",
  "Mozilla/5.0 (Linux; Android 5.0) AppleWebKit/537.36 (KHTML, like Gecko) Mobile Safari/537.36 (compatible; Bytespider; spider-feedback@bytedance.com)",
  "sqlmap/1.8.4#stable (https://sqlmap.org)",
  "curl/8.5.0",
  "python-requests/2.31.0",
];

/** Of a bot that signs, but it was good until long ago. */
export const stale: Asked["fields"] = {
  "signature-agent": '"https://chatgpt.com"',
  "signature-input":
    'sig1=("@authority" "signature-agent");created=1700000000;expires=1700003600;keyid="a-key-of-theirs";tag="web-bot-auth"',
  signature: `sig1=:${"A".repeat(86)}==:`,
};

export const malformed: readonly string[] = [
  "/page/%2e%2e/%2e%2e/etc/passwd",
  "/page/..%252f..%252fetc/passwd",
  "/page/%c0%ae%c0%ae/secret",
  "/page/%u002e%u002e/secret",
  "/page/7%00.html",
  "/page/7%0d%0aset-cookie:a=b",
  "/page/..;/manager/html",
  "/page/..%5c..%5cwindows/win.ini",
];

export const probes: readonly string[] = [
  "/wp-login.php",
  "/.env",
  "/.git/config",
  "/backup.sql",
  "/wp-admin/",
  "/index%2ephp",
  "/old.bak",
];

/** So many fields, each with that value. */
function many(count: number, value: string): Asked["fields"] {
  return Object.fromEntries(Array.from({ length: count }, (_, index) => [`x-field-${index}`, value]));
}

/** Many fields, a long one, much in all of them, and a long URL. */
export const oversized: readonly Partial<Asked>[] = [
  { fields: many(90, "1") },
  { fields: many(1, "a".repeat(9_000)) },
  { fields: many(6, "a".repeat(6_000)) },
  { target: `/page/1?${"q".repeat(17_000)}` },
];

export const overrides: readonly string[] = [
  "x-http-method-override",
  "x-http-method",
  "x-method-override",
  "x_http_method_override",
];

const hour = 3_600_000;

/** Signed with another key, not at all, for something else, until an hour ago, and in a form that there isn't. */
export const signedTargets: readonly string[] = [
  filmOf("/film/1", "another key", hour),
  "/film/2",
  filmOf("/film/1", secrets.URL_KEY, hour).replace("/film/1", "/film/3"),
  filmOf("/film/4", secrets.URL_KEY, -hour),
  "/film/5?signature=7.u.x",
];

/** Signed with another key, and until an hour ago; without a key; no token; and another scheme. */
export const tokens: readonly string[] = [
  await tokenOf("member-1", "another key of thirty-two letters"),
  await tokenOf("member-1", secrets.TOKEN_KEY, Date.now() - hour),
  "Bearer eyJhbGciOiJub25lIn0.eyJzdWIiOiJtZW1iZXItMSIsImF1ZCI6ImFwaSIsImV4cCI6OTk5OTk5OTk5OX0.",
  "Bearer x.y.z",
  "Basic YWxpY2U6c2VjcmV0",
];
