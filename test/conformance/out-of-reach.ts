const silent = "the runtime hands no interim answer of an origin to a Worker";
const unknownMethod = "the runtime answers M-SEARCH by itself, with 501";

/** Case id → why no Worker can pass it, or no cache should. These fail without failing the run; in the score they count all the same. */
export const outOfReach: ReadonlyMap<string, string> = new Map([
  ["invalidate-M-SEARCH", unknownMethod],
  ["invalidate-M-SEARCH-location", unknownMethod],
  ["interim-103", silent],
  ["interim-not-cached", silent],
  ["interim-no-header-reuse", silent],
  // RFC 9111 §4.1: a stored answer MUST NOT be used unless the fields asked with match, that is, mean the same. "en, de" and
  // "fr;q=0.5, de" don't, whatever language the answer to the first one was in.
  ["vary-normalise-lang-select", "asks for an answer to another Accept-Language, which RFC 9111 §4.1 forbids to use"],
  // RFC 9111 §4.3.4: by it, the stored content would go on under the entity tag of another one.
  ["304-etag-update-response-ETag", "asks that a 304 with another strong ETag update, which RFC 9111 §4.3.4 forbids"],
  // RFC 9111 §4.3.2 compares with Date where there is no Last-Modified, and here that is the later of the two.
  ["conditional-lm-fresh-no-lm", "asks for a 304 to an If-Modified-Since that is older than the answer"],
]);
