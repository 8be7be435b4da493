/** Which security headers a rule adds. */
import * as v from "valibot";
import { fieldValue } from "../forms.ts";
import type { SecurityField } from "../security.ts";
import { about, agreeing, chosen, table, type Clash } from "./parts.ts";

/**
 * What `true` stands for. Browsers keep to https for a year, don't guess types, tell other sites only where a visitor came from and
 * not from which page; only the site itself frames its pages, frames of others in them get no camera and the like, windows that it didn't
 * open don't reach it, and other sites embed nothing of it. Which content it takes from elsewhere is reported only: that may be meant.
 */
const usual = {
  hsts: "max-age=31536000",
  nosniff: "nosniff",
  referrer: "strict-origin-when-cross-origin",
  frame: "SAMEORIGIN",
  csp: "default-src 'self'; base-uri 'self'; form-action 'self'; frame-ancestors 'self'; object-src 'none'",
  permissions:
    "camera=(self), display-capture=(self), geolocation=(self), microphone=(self), payment=(self), usb=(self)",
  coop: "same-origin-allow-popups",
  corp: "same-site",
} as const;

/** A value of one's own, or whether there is one. */
function member<const S extends v.GenericSchema>(value: S, form: string, description: string) {
  return about(v.exactOptional(v.union([v.boolean(), value], `true, false, or ${form}`), true), description);
}

const oneOf = (...words: readonly [string, ...string[]]) =>
  v.picklist(words, `one of ${words.map((word) => `"${word}"`).join(", ")}`);

/** RFC 6797 §6.1. */
const hstsForm = 'a text such as "max-age=31536000; includeSubDomains"';
const hsts = v.pipe(v.string(), v.regex(/^max-age=\d+(?:\s*;\s*(?:includeSubDomains|preload))*$/i, hstsForm));

const policy = v.pipe(fieldValue, v.regex(/^[a-z-]+[\s;]|^[a-z-]+$/i, "a policy such as \"default-src 'self'\""));

const referrers = oneOf(
  "no-referrer",
  "no-referrer-when-downgrade",
  "origin",
  "origin-when-cross-origin",
  "same-origin",
  "strict-origin",
  "strict-origin-when-cross-origin",
  "unsafe-url",
);

const fields = table({
  hsts: member(hsts, hstsForm, "Strict-Transport-Security, over https."),
  nosniff: about(v.exactOptional(v.boolean(), true), "X-Content-Type-Options."),
  referrer: member(referrers, "a policy", "Referrer-Policy."),
  frame: member(oneOf("SAMEORIGIN", "DENY"), '"SAMEORIGIN" or "DENY"', "X-Frame-Options."),
  csp: about(
    v.exactOptional(
      chosen(
        [
          v.boolean("true, false, a policy, or { policy, enforce }"),
          policy,
          table({ policy, enforce: v.exactOptional(v.boolean(), false) }),
        ],
        "true, false, a policy, or { policy, enforce }",
        (value) => ["string", "object"].indexOf(typeof value) + 1,
      ),
      true,
    ),
    "Content-Security-Policy-Report-Only of pages: what it would stop is only reported. With { policy, enforce = true } it is stopped.",
  ),
  permissions: member(
    v.pipe(fieldValue, v.includes("=", "a policy")),
    'a policy such as "camera=()"',
    "Permissions-Policy of pages.",
  ),
  coop: member(
    oneOf("same-origin", "same-origin-allow-popups", "noopener-allow-popups", "unsafe-none"),
    "a policy",
    "Cross-Origin-Opener-Policy of pages.",
  ),
  corp: member(oneOf("same-origin", "same-site", "cross-origin"), "a policy", "Cross-Origin-Resource-Policy."),
});

type Input = v.InferOutput<typeof fields>;

export const securitySchema = v.pipe(
  chosen(
    [v.boolean("true, false, or a table { hsts, csp, … }"), v.pipe(fields, agreeing(findClashes))],
    "true, false, or a table { hsts, csp, … }",
    (value) => Number(typeof value === "object"),
  ),
  v.transform((input): readonly SecurityField[] => (input === false ? [] : toFields(input === true ? {} : input))),
);

/** What the preload list takes (hstspreload.org): a year, and all hosts below. */
function findClashes({ hsts: value }: Input): Clash[] {
  if (typeof value !== "string" || !/preload/i.test(value)) return [];
  const age = Number(/\d+/.exec(value)![0]);
  if (age >= 31_536_000 && /includeSubDomains/i.test(value)) return [];
  return [
    { at: ["hsts"], value, message: "possible: preload needs includeSubDomains, and a max-age of at least 31536000" },
  ];
}

/** Member → its field. */
const headers: Readonly<Record<keyof Input, Omit<SecurityField, "value">>> = {
  hsts: { name: "strict-transport-security", only: "https" }, // RFC 6797 §7.2: never over http
  nosniff: { name: "x-content-type-options" },
  referrer: { name: "referrer-policy" },
  frame: { name: "x-frame-options" },
  csp: { name: "content-security-policy-report-only", only: "pages", or: "content-security-policy" },
  permissions: { name: "permissions-policy", only: "pages" },
  coop: { name: "cross-origin-opener-policy", only: "pages" },
  corp: { name: "cross-origin-resource-policy" },
};
const enforced: Omit<SecurityField, "value"> = {
  name: "content-security-policy",
  only: "pages",
  or: "content-security-policy-report-only",
};

function toFields(input: Partial<Input>): SecurityField[] {
  return (Object.keys(headers) as (keyof Input)[]).flatMap((key) => {
    const said = input[key] ?? true;
    if (said === false) return [];
    if (typeof said === "object") return [{ ...(said.enforce ? enforced : headers[key]), value: said.policy }];
    return [{ ...headers[key], value: said === true ? usual[key] : said }];
  });
}
