/** The directives that govern this cache: of the answer (RFC 9111 §5.2.2, RFC 9213) and of the request (§5.2.1). */
import { parseDictionary } from "structured-headers";
import type { Answer } from "../answer.ts";
import type { Edge } from "../edge.ts";
import { parseDirectives, type Directives } from "../http/directives.ts";
import type { Fields } from "../http/fields.ts";

/** Speaks to all caches of this kind: those between here and the client, too (RFC 9213 §3). */
const forEveryCdn = "cdn-cache-control";

/** What an answer says to this cache. */
export interface Control {
  readonly directives: Directives;
  /** A targeted field said it: `Cache-Control` and `Expires` don't count (RFC 9213 §2.2). */
  readonly targeted: boolean;
}

/**
 * The directives of the first field in the settings' target list that is valid and not empty, else those of
 * `Cache-Control` (RFC 9213 §2.2).
 */
export function controlOf(answer: Fields, { config }: Pick<Edge, "config">): Control {
  for (const target of config.settings.targets) {
    const directives = parseTargeted(answer.get(target));
    if (directives.size > 0) return { directives, targeted: true };
  }
  return { directives: parseDirectives(answer.get("cache-control")), targeted: false };
}

/** Takes off what the origin says to this edge alone; fields for other caches are for them to read (RFC 9213 §2.2, §3). */
export function withoutTargets(answer: Answer, { config }: Edge): Answer {
  for (const target of config.settings.targets) if (target !== forEveryCdn) answer.fields.delete(target);
  return answer;
}

/**
 * A targeted field is a Dictionary (RFC 9651 §3.2); one that can't be parsed is ignored whole (RFC 9213 §2.1). A directive
 * that is false isn't given.
 */
function parseTargeted(value: string | undefined): Directives {
  const directives = new Map<string, string>();
  if (value === undefined) return directives;
  try {
    for (const [name, [argument]] of parseDictionary(value)) {
      if (argument !== false) directives.set(name, written(argument));
    }
  } catch {
    directives.clear();
  }
  return directives;
}

/**
 * As Cache-Control would have it: no argument for a bare key; lists and bytes mean nothing here. Texts are names of fields:
 * a number in quotes is of the wrong type, and is not taken for one (RFC 9213 §2.1).
 */
function written(argument: unknown): string {
  if (typeof argument === "number") return String(argument);
  return typeof argument === "string" && !/^\d/.test(argument) ? argument : "";
}

/** The request's directives; `Pragma: no-cache` counts where there is no Cache-Control (RFC 9111 §5.4). */
export function requestControl(request: Fields): Directives {
  const control = request.get("cache-control");
  if (control !== undefined) return parseDirectives(control);
  const pragma = request.get("pragma");
  return parseDirectives(pragma !== undefined && parseDirectives(pragma).has("no-cache") ? "no-cache" : undefined);
}
