/** What is bound to the Worker that a config may name. */

/** Names of bindings. */
interface Found {
  /** What an origin can be asked by. */
  readonly fetchers: readonly string[];
  readonly secrets: readonly string[];
  readonly namespaces: readonly string[];
  readonly buckets: readonly string[];
}

/** The bindings by their kinds. The platform's own and secrets are there under one roof: a secret is a text. */
export function boundIn(bindings: Readonly<Record<string, unknown>>): Found {
  const names = (is: (binding: unknown) => boolean): string[] =>
    Object.keys(bindings).filter((name) => is(bindings[name]));
  return {
    fetchers: names(isFetcher),
    secrets: names(isSecret),
    namespaces: names(isNamespace),
    buckets: names(isBucket),
  };
}

/** Certificates, private networks and services are all asked alike. */
export function isFetcher(binding: unknown): binding is Fetcher {
  return typeof binding === "object" && binding !== null && "fetch" in binding && typeof binding.fetch === "function";
}

/** A KV namespace. */
export function isNamespace(binding: unknown): binding is KVNamespace {
  return hasMethod(binding, "getWithMetadata");
}

/** An R2 bucket. */
export function isBucket(binding: unknown): binding is R2Bucket {
  return hasMethod(binding, "createMultipartUpload");
}

/** What another Worker's binding is asked for it has, whatever the name: so it must be said to be there, too. */
function hasMethod(binding: unknown, name: string): boolean {
  return (
    typeof binding === "object" &&
    binding !== null &&
    name in binding &&
    typeof Reflect.get(binding, name) === "function"
  );
}

/** A text that isn't empty. */
export function isSecret(binding: unknown): binding is string {
  return typeof binding === "string" && binding !== "";
}
