/** How the edge's own refusals and errors read: a page for people, a line of text for programs. */
import type { Answer } from "../answer.ts";
import { prefers } from "../http/accept-type.ts";
import { escapeHtml } from "../http/html-text.ts";
import { reasons } from "../reasons.ts";
import type { Visit } from "../visit.ts";

/**
 * The answer with a page for clients that prefer HTML, and with the visit's id, which leads to the log line. Answers
 * whose words a rule wrote, and all that aren't the edge's own, are given back as they are.
 */
export function presentError(visit: Visit, answer: Answer): Answer {
  const says = standardWords(answer);
  if (says === undefined) return answer;
  if (!prefers(visit.fields.get("accept"), "text/html", "text/plain")) {
    return { ...answer, body: `${says}\nVisit ${visit.id}\n` };
  }
  answer.fields
    .set("content-type", "text/html;charset=utf-8")
    .set("content-security-policy", "default-src 'none'; style-src 'unsafe-inline'")
    .set("x-content-type-options", "nosniff");
  return { ...answer, body: page(answer.status, says, visit.id) };
}

/** What the reason says, when that is what the answer holds. */
function standardWords({ because, body, status }: Answer): string | undefined {
  if (because === undefined || status < 400) return undefined;
  const { says } = reasons[because];
  return says !== "" && body === `${says}\n` ? says : undefined;
}

function page(status: number, says: string, id: string): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<meta name="robots" content="noindex">
<title>${status}: ${escapeHtml(says)}</title>
<style>
  :root { color-scheme: light dark }
  body { font: 1.125rem/1.5 system-ui, sans-serif; max-width: 34rem; margin: 20vh auto; padding: 0 1.5rem }
  h1 { font-size: 1.75rem; line-height: 1.25; margin: 0 0 1rem }
  p { margin: 0.5rem 0 }
  small { color: GrayText }
  code { font-size: 1em; overflow-wrap: anywhere }
</style>
</head>
<body>
<main>
<h1>${escapeHtml(says)}</h1>
<p>Error ${status}</p>
<p><small>If you ask for help, give this number: <code>${escapeHtml(id)}</code></small></p>
</main>
</body>
</html>
`;
}
