/** What those are for who visit: the words of rules, the trail and the policy. */

export const kinds = [
  "person", // a browser, as far as can be seen
  "search", // indexes for a search engine or an archive
  "ai-search", // indexes for the answers of an assistant
  "ai-training", // gathers what models are trained on
  "ai-agent", // fetches because the user of an assistant asked just now
  "feed", // reads feeds and podcasts
  "preview", // shows what a link leads to
  "monitor", // watches sites for somebody: that they are up, how they rank, what they say
  "tool", // a program of any purpose: libraries, command lines, headless browsers
  "scanner", // looks for weaknesses, or surveys the Internet
  "unknown", // a program that doesn't say what it is, or that nobody told of here
] as const;

export type Kind = (typeof kinds)[number];

/** The kinds of programs that have names of their own. */
export type NamedKind = Exclude<Kind, "person" | "unknown">;

export const namedKinds = kinds.filter((kind): kind is NamedKind => kind !== "person" && kind !== "unknown");
