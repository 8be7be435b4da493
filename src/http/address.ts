/** URLs as the rooms read them (RFC 3986), in plain data: the platform's own is asked once, by a call into it for each part. */

/** The parts of a URL, by the names they have in the platform's. */
export type Address = Readonly<
  Pick<URL, "href" | "origin" | "protocol" | "host" | "hostname" | "port" | "pathname" | "search">
>;

/** Undefined for what is no absolute URL. */
export function parseAddress(text: string): Address | undefined {
  const url = URL.parse(text);
  if (url === null) return undefined;
  const { href, origin, protocol, host, hostname, port, pathname, search } = url;
  return { href, origin, protocol, host, hostname, port, pathname, search };
}
