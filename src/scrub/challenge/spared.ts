/** Who is never challenged, unless the config says otherwise: those who could not answer, and those who need not. */
import type { Spared } from "../../config/challenge.ts";
import { prefers } from "../../http/accept-type.ts";
import { isFilePath } from "../../http/static-file.ts";
import type { Identified } from "../../visit.ts";

const feedPath = /(?:\.(?:rss|atom|rdf)|\/(?:feed|rss|atom)(?:\.xml)?\/?)$/i;
const feedType = /\bapplication\/(?:rss|atom|rdf|feed)\+(?:xml|json)\b/i;

/** In words of what a client can't help to tell, or what it asks for: a page it gets by none of these. */
const spared: Readonly<Record<Spared, (visit: Identified) => boolean>> = {
  /** Asked by browsers before what they ask; they take no other answer (CORS). */
  preflights: ({ method }) => method === "OPTIONS",
  verified: ({ proof }) => proof === "verified",
  feeds: ({ url, fields }) => isAlways(url, (path) => feedPath.test(path)) || feedType.test(fields.get("accept") ?? ""),
  assets: ({ url }) => isAlways(url, isFilePath),
  /** Takes no page: its answer isn't shown to anybody, or so it says. */
  api: ({ fields }) => !isForPeople(fields.get("accept"), fields.get("sec-fetch-mode")),
};

/** Whether that holds of the path by every reading: to some servers `/login;.css` is a page. */
function isAlways({ pathname, readings }: Identified["url"], holds: (path: string) => boolean): boolean {
  return holds(pathname) && readings.every(holds);
}

/** Whether what is asked for is to be shown as a page. */
function isForPeople(accept: string | undefined, mode: string | undefined): boolean {
  return mode === "navigate" || /\btext\/html\b/i.test(accept ?? "");
}

/** Whether that visit is one of them. */
export function isSpared(visit: Identified, spare: readonly Spared[]): boolean {
  return spare.some((name) => spared[name](visit));
}

/** Whether the client would rather have a page than a text. */
export function takesPage({ fields }: Pick<Identified, "fields">): boolean {
  return fields.get("sec-fetch-mode") === "navigate" || prefers(fields.get("accept"), "text/html", "text/plain");
}
