/** Nonces: what a visit's scripts are marked with, so that its policy lets them run and no others (CSP3 §2.3.1, §7.1). */
import type { Fields } from "../../http/fields.ts";

const policyFields = ["content-security-policy", "content-security-policy-report-only"] as const;

/** A nonce as a source, and its value. */
const source = /'nonce-([^'\s;,]*)'/gi;

const marked = ["script", "style", "link"].join(", ");
const linked = /(?:^|\s)(?:stylesheet|preload|modulepreload)(?:\s|$)/i;

/**
 * Tells a parser to mark a page's scripts and styles with the nonce. Where the origin has nonces of its own, only what bears one
 * of them: what its policy would not have let run isn't let run now.
 * @param fields of the page, with the policy that its origin gave it.
 */
export function createMarker(fields: Fields, nonce: string): (rewriter: HTMLRewriter) => void {
  const origins = new Set(policyFields.flatMap((name) => noncesIn(fields.get(name) ?? "")));
  const mark = (element: Element): void => {
    if (element.tagName === "link" && !linked.test(element.getAttribute("rel") ?? "")) return;
    const own = element.getAttribute("nonce");
    if (origins.size === 0 || (own !== null && origins.has(own))) element.setAttribute("nonce", nonce);
  };
  const allow = (meta: Element): void => {
    const policy = meta.getAttribute("content") ?? "";
    for (const each of noncesIn(policy)) origins.add(each);
    meta.setAttribute("content", allowInPolicies(policy, nonce, origins.size > 0));
  };
  return (rewriter) => {
    rewriter.on('meta[http-equiv="content-security-policy" i][content]', { element: allow });
    rewriter.on(marked, { element: mark });
  };
}

/** Puts the nonce, in place, into the policies that there are. */
export function allowNonce(fields: Fields, nonce: string): void {
  const hasNonces = policyFields.some((name) => noncesIn(fields.get(name) ?? "").length > 0);
  for (const name of policyFields) {
    const value = fields.get(name);
    if (value !== undefined) fields.set(name, allowInPolicies(value, nonce, hasNonces));
  }
}

function noncesIn(policy: string): string[] {
  return Array.from(policy.matchAll(source), ([, value]) => value!);
}

/** @param hasNonces whether the page's policies have nonces already: then the visit's takes their places, and no other. */
function allowInPolicies(value: string, nonce: string, hasNonces: boolean): string {
  if (hasNonces) return value.replace(source, `'nonce-${nonce}'`);
  return value
    .split(",")
    .map((policy) => (policy.trim() === "" ? policy : allowInPolicy(policy, nonce)))
    .join(",");
}

function allowInPolicy(policy: string, nonce: string): string {
  const directives = policy.split(";").map((text) => ({ text, name: /^\s*([\w-]*)/.exec(text)![1]!.toLowerCase() }));
  const find = (name: string) => directives.find((each) => each.name === name);
  for (const kind of ["script", "style"] as const) {
    const own = [find(`${kind}-src`), find(`${kind}-src-elem`)].filter((each) => each !== undefined);
    const usual = find("default-src");
    if (own.length === 0 && usual && takesNonce(usual.text, kind)) {
      const text = usual.text.trim().replace(/^\S+/, `${kind}-src`);
      directives.push({ text: ` ${text} 'nonce-${nonce}'`, name: `${kind}-src` });
    }
    for (const each of own) if (takesNonce(each.text, kind)) each.text = `${each.text.trimEnd()} 'nonce-${nonce}'`;
  }
  return directives.map(({ text }) => text).join(";");
}

/**
 * Not what lets nothing load. Nor what lets all inline styles: beside a nonce, `'unsafe-inline'` means nothing, and that is what
 * the `style` attributes of most pages live on. For scripts it is what nonces are there to end.
 */
function takesNonce(directive: string, kind: "script" | "style"): boolean {
  return !/'none'/i.test(directive) && (kind === "script" || !/'unsafe-inline'/i.test(directive));
}
