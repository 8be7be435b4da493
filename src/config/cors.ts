/** Which pages of other origins may read answers. Types only. */

export interface Cors {
  /** Serialised (RFC 6454 §6.2); "*": any. */
  readonly origins: "*" | { readonly exact: ReadonlySet<string>; readonly below: readonly Below[] };
  readonly credentials: boolean;
  readonly methods: readonly string[];
  /** "*": whichever are asked for. */
  readonly headers: "*" | readonly string[];
  readonly expose: readonly string[];
  /** Seconds for which a preflight's answer holds; undefined: as long as the browser likes. */
  readonly maxAge: number | undefined;
  readonly privateNetwork: boolean;
}

/** Every host below a domain: "https://", ".example.com", "". */
export interface Below {
  readonly scheme: string;
  readonly suffix: string;
  /** With its colon, or "". */
  readonly port: string;
}
