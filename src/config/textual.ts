/** What is text: for rules that replace texts, and for what gets smaller by compression. */

/** Media types as `mediaType` of `forms.ts` has them: all that call themselves text, and by the suffixes of RFC 6839 all that are made of JSON or XML. */
export const textual = [
  "text/*",
  "application/javascript",
  "application/x-javascript",
  "application/json",
  "*+json",
  "application/xml",
  "*+xml",
] as const;
