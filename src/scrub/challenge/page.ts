/** The page of a challenge. It works with scripts and without, needs nothing from elsewhere, and moves nothing. */
import type { Challenging } from "../../config/challenge.ts";
import { toBase64 } from "../../http/base64.ts";
import { escapeHtml } from "../../http/html-text.ts";
import { solver } from "./solver.ts";
import type { Words } from "./words.ts";
import type { Work } from "./work.ts";

/** Where what was asked for is brought to. */
const clearancePath = "/.perigee/clearance";

export interface Asked {
  readonly language: string;
  readonly words: Words;
  readonly work: Work;
  /** For who runs no scripts, and the seconds after which it is good. */
  readonly token: string;
  readonly wait: number;
  /** Where to go on: path and query. */
  readonly to: string;
  readonly turnstile: Challenging["turnstile"];
  readonly visit: string;
}

/** Seconds more that a page waits than it must: its clock isn't the edge's. */
const spareTime = 1;

/** HTML, of at most 15 KB. */
export function renderPage(asked: Asked): string {
  const { language, words, wait, to, visit } = asked;
  const { title, says, waits, goOn, dir } = words;
  const next = escapeHtml(`${clearancePath}?wait=${asked.token}&to=${encodeURIComponent(to)}`);
  return `<!doctype html>
<html lang="${language}"${dir ? ` dir="${dir}"` : ""}>
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<meta name="robots" content="noindex">
<title>${escapeHtml(title)}</title>
<noscript><meta http-equiv="refresh" content="${wait + spareTime};url=${next}"></noscript>
<style>${style}</style>
</head>
<body>
<main>
<h1>${escapeHtml(title)}</h1>
<p>${escapeHtml(says)}</p>
<noscript><p>${escapeHtml(waits.replace("%", String(wait)))} <a href="${next}">${escapeHtml(goOn)}</a></p></noscript>
${asked.turnstile ? withTurnstile(asked, asked.turnstile) : withWork(asked)}
<p><small><code>${escapeHtml(visit)}</code></small></p>
</main>
</body>
</html>
`;
}

const style = `
  :root { color-scheme: light dark }
  body { font: 1.125rem/1.5 system-ui, sans-serif; max-width: 34rem; margin: 20vh auto; padding: 0 1.5rem }
  h1 { font-size: 1.75rem; line-height: 1.25; margin: 0 0 1rem }
  progress { width: 100% }
`;

function withWork({ work, words, to }: Asked): string {
  const { title, failed } = words;
  const given = escapeHtml(JSON.stringify(work));
  return `<form method="post" action="${clearancePath}" data-work="${given}" data-failed="${escapeHtml(failed)}">
<input type="hidden" name="to" value="${escapeHtml(to)}"><input type="hidden" name="work">
<progress aria-label="${escapeHtml(title)}" value="0" max="1" hidden></progress><p role="status"></p>
</form>
<script>${solver}</script>`;
}

const turnstileOrigin = "https://challenges.cloudflare.com";

function withTurnstile({ to }: Asked, { siteKey }: NonNullable<Asked["turnstile"]>): string {
  return `<form method="post" action="${clearancePath}">
<input type="hidden" name="to" value="${escapeHtml(to)}">
<div class="cf-turnstile" data-sitekey="${escapeHtml(siteKey)}" data-callback="perigeeDone"></div>
</form>
<script>${submit}</script>
<script src="${turnstileOrigin}/turnstile/v0/api.js" defer></script>`;
}

const submit = "function perigeeDone() { document.forms[0].submit() }";

/** What the page may do: run just these scripts, and send its form back here. */
export async function policyOf(isTurnstile: boolean): Promise<string> {
  const own = await hashOf(isTurnstile ? submit : solver);
  const scripts = isTurnstile ? `${own} ${turnstileOrigin}; frame-src ${turnstileOrigin}` : own;
  return `default-src 'none'; script-src ${scripts}; style-src ${await hashOf(style)}; form-action 'self'; base-uri 'none'; frame-ancestors 'none'`;
}

/** A source by its hash (CSP Level 3 §2.3.1). */
async function hashOf(text: string): Promise<string> {
  const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(text));
  return `'sha256-${toBase64(new Uint8Array(digest))}'`;
}
