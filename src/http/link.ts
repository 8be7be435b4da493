/** The `Link` field (RFC 8288 §3) and its older kin `Refresh`: fields with URI references inside. */

type MapReference = (reference: string) => string;

/** A target in angle brackets, an `anchor` in quotes, or any other quoted string, which is passed over. */
const linkParts = /(<)([^>]*)|(anchor[ \t]*=[ \t]*")((?:[^"\\]|\\.)*)("?)|"(?:[^"\\]|\\.)*"?/gi;

/** Maps the targets and anchors of all links; everything else stays as it is written. Never throws. */
export function mapLinks(value: string, map: MapReference): string {
  return value.replace(linkParts, (part: string, ...[bracket, target, anchor, quoted, closing]: string[]) => {
    if (bracket !== undefined) return bracket + map(target!);
    return anchor === undefined ? part : anchor + map(quoted!) + closing!;
  });
}

const refresh = /^([\s\d.]*[;,\s]\s*(?:url\s*=\s*)?["']?)([^"']*)(.*)$/is;

/** Maps the address in `5; url=/next`, as a header field or in `<meta http-equiv="refresh">`. */
export function mapRefresh(value: string, map: MapReference): string {
  return value.replace(
    refresh,
    (_, before: string, reference: string, after: string) => before + map(reference) + after,
  );
}

const refreshing = /^[\s\d.]*[;,\s]\s*(?:url\s*=\s*)?(?:"([^"]*)|'([^']*)|(.*))/is;

/** The address that browsers read in such a text (HTML §4.2.5.3); undefined when it is none. */
export function refreshAddress(value: string): string | undefined {
  const [, double, single, plain] = refreshing.exec(value) ?? [];
  return double ?? single ?? plain;
}
