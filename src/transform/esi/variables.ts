/** The variables of Edge Side Includes: what they say of the request (ESI 1.0 §4). */
import { cookiesOf } from "../../http/cookie.ts";
import { parameter } from "../../http/query.ts";
import type { Visit } from "../../visit.ts";

/** What a variable is asked about. */
export type Asked = Pick<Visit, "method" | "url" | "fields">;

/** Variable → its value, or that of the member it is asked for: `$(NAME{key})`. */
const known: Readonly<Record<string, (visit: Asked, key: string | undefined) => string | undefined>> = {
  QUERY_STRING: ({ url }, key) => (key === undefined ? url.search.slice(1) : parameter(url, key)),
  REQUEST_METHOD: ({ method }) => method,
  REQUEST_PATH: ({ url }) => url.pathname,
  HTTP_HOST: ({ url }) => url.host,
  HTTP_COOKIE: ({ fields }, key) => {
    const line = fields.get("cookie") ?? "";
    return key === undefined ? line : cookiesOf(line).get(key);
  },
  HTTP_ACCEPT_LANGUAGE: ({ fields }, key) => {
    const line = fields.get("accept-language") ?? "";
    return key === undefined ? line : String(hasLanguage(line, key));
  },
};

const form = /^([A-Z_\d]+)(?:\{([^{}]*)\})?(?:\|(.*))?$/s;

/**
 * The value of what stands between "$(" and ")"; what follows a "|", where there is no value. A header field goes by its name:
 * `HTTP_USER_AGENT`. Undefined for what is no variable.
 */
export function valueOf(source: string, visit: Asked): string | undefined {
  const [, name, key, otherwise = ""] = form.exec(source.trim()) ?? [];
  if (name === undefined) return undefined;
  const value = ask(name, key === undefined ? undefined : unquoted(key), visit);
  return value === undefined || value === "" ? unquoted(otherwise) : value;
}

function ask(name: string, key: string | undefined, visit: Asked): string | undefined {
  const own = Object.hasOwn(known, name) ? known[name] : undefined;
  if (own) return own(visit, key);
  if (!name.startsWith("HTTP_") || key !== undefined) return undefined;
  return visit.fields.get(name.slice(5).toLowerCase().replaceAll("_", "-"));
}

/** The text with its variables' values, each as `write` puts it; what is no variable stays as it is written. */
export function substitute(text: string, visit: Asked, write: (value: string) => string): string {
  return text.replace(/\$\(([^()]*)\)/g, (written, source: string) => {
    const value = valueOf(source, visit);
    return value === undefined ? written : write(value);
  });
}

/** Whether a language range of the field has that tag (RFC 4647 §3.3.1). */
function hasLanguage(line: string, tag: string): boolean {
  const wanted = tag.toLowerCase();
  const ranges = line.toLowerCase().split(",");
  return ranges.some((range) => {
    const one = range.split(";", 1)[0]!.trim();
    return one === wanted || one.startsWith(`${wanted}-`);
  });
}

function unquoted(text: string): string {
  return /^'.*'$/s.test(text) ? text.slice(1, -1) : text;
}
