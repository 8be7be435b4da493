/** What is bound to the Worker that a config may name. */

/** Names of bindings. */
interface Found {
  /** What an origin can be asked by. */
  readonly fetchers: readonly string[];
  readonly secrets: readonly string[];
}

/** The bindings by their kinds. The platform's own and secrets are there under one roof: a secret is a text. */
export function boundIn(bindings: Readonly<Record<string, unknown>>): Found {
  const names = (is: (binding: unknown) => boolean): string[] =>
    Object.keys(bindings).filter((name) => is(bindings[name]));
  return { fetchers: names(isFetcher), secrets: names(isSecret) };
}

/** Certificates, private networks and services are all asked alike. */
export function isFetcher(binding: unknown): binding is Fetcher {
  return typeof binding === "object" && binding !== null && "fetch" in binding && typeof binding.fetch === "function";
}

/** A text that isn't empty. */
export function isSecret(binding: unknown): binding is string {
  return typeof binding === "string" && binding !== "";
}
