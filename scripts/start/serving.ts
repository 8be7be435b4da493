/** What a local edge serves: the part of a wrangler.toml that the platform would hand to the Worker. */

/** Binding name → its value, as in `[vars]`. */
export type Vars = Readonly<Record<string, unknown>>;

/** A rate-limit binding: so many in a period of seconds. */
export interface RateLimit {
  readonly limit: number;
  readonly period: 10 | 60;
}

/** Binding name → host and port that it leads to on this machine; undefined: nowhere. */
export type Ways = Readonly<Record<string, string | undefined>>;

export interface Serving {
  /** What it is, for messages: a file, or how it was asked for. */
  readonly name: string;
  /** A short name for its directory: what is cached for one doesn't show up in another. */
  readonly slug: string;
  readonly vars: Vars;
  /** Binding name → limit. */
  readonly rateLimits: Readonly<Record<string, RateLimit>>;
  /** Names of KV bindings; each gets a namespace of its own on disk. */
  readonly kv: readonly string[];
  /** Names of R2 bindings; the same. */
  readonly r2: readonly string[];
  /** The bindings by which origins are asked. */
  readonly ways: Ways;
  /** Which visits get a line in the access log, unless `--log` asks for all. */
  readonly log: "errors" | "none";
}

/** Settings over those that the vars hold. */
export function withSettings(vars: Vars, settings: Readonly<Record<string, unknown>>): Vars {
  return { ...vars, SETTINGS: { ...asObject(vars["SETTINGS"]), ...settings } };
}

/** A binding may be an object or its JSON; what is neither is for the config's own checks to name. */
function asObject(value: unknown): object {
  if (typeof value === "string") return JSON.parse(value) as object;
  return typeof value === "object" && value !== null ? value : {};
}
