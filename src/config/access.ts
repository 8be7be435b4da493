/** Who is let in, as the config says it. Types; times in milliseconds. */

/** What a visit must show; of several, all. */
export interface Access {
  readonly basic?: Basic;
  readonly jwt?: Jwt;
  readonly signed?: SignedUrls;
  readonly hotlink?: Hotlink;
  readonly certificate?: Certificates;
}

/** A name and a password (RFC 7617). */
export interface Basic {
  /** The secret that holds who may come in: `npm run perigee -- access password` makes its lines. */
  readonly users: string;
  readonly realm: string;
}

/** A token that somebody signed (RFC 7519, RFC 6750). */
export interface Jwt {
  /** Where the issuer publishes its keys (RFC 7517), or the secret that both share. */
  readonly by: { readonly keys: string } | { readonly secret: string };
  /** No other is accepted, whatever the token says. */
  readonly algorithms: readonly string[];
  readonly issuer: string | undefined;
  readonly audience: readonly string[];
  /** Each must be that, or hold it where it is a list. */
  readonly claims: Readonly<Record<string, string | number | boolean>>;
  /** The cookie in which it is looked for where there is no `Authorization`. */
  readonly cookie: string | undefined;
  /** By how much clocks may differ. */
  readonly skew: number;
}

/** URLs that somebody with the key made. */
export interface SignedUrls {
  /** The secret. */
  readonly key: string;
  /** The parameter of the query that holds the signature. */
  readonly parameter: string;
}

/** Pages of which sites may embed what is here. */
export interface Hotlink {
  /** Hosts besides the visited one; "*.example.com" for all below. */
  readonly from: readonly string[];
  /** Let in who doesn't say from where: people who hide it, programs, and links that were typed. */
  readonly unknown: boolean;
}

/** A certificate of the client's, which the platform verified. */
export interface Certificates {
  /** SHA-256, hexadecimal in lower case; empty: any that was verified. */
  readonly fingerprints: readonly string[];
}
