/** What a browser says of itself, in its User-Agent and in its client hints, as far as the two can contradict each other. */
import type { Fields } from "../../http/fields.ts";

/** What a User-Agent says. */
export interface Claims {
  readonly engine: "chromium" | "firefox" | "safari" | "other";
  /** Of the engine's browser; 0 where it isn't said. */
  readonly major: number;
  /** A key of {@link platforms}; undefined for others. */
  readonly platform: string | undefined;
  readonly isMobile: boolean;
  /** A view of the Web inside an app, which sends less than a browser does. */
  readonly isView: boolean;
}

/** What is after that is not looked at. */
const longestAgent = 512;

/** Have another's words in their agents, and fields of their own: old Edge, old Opera, and what is on televisions and consoles. */
const peculiar =
  /edge\/|presto|trident|msie|tizen|web0s|smart-?tv|playstation|nintendo|xbox|silk|crkey|hbbtv|bravia|netcast|roku|viera/;

const engines: readonly (readonly [Claims["engine"], RegExp])[] = [
  // All browsers of iOS are Safari's engine, and say so by their own names.
  ["other", /crios|fxios|edgios|opios|gsa\/|ddg\/|focus\//],
  ["chromium", /chrome\/(\d{1,4})/],
  ["firefox", /firefox\/(\d{1,4})/],
  ["safari", /version\/(\d{1,4})[\d.]* (?:mobile\/\w+ )?safari\//],
];

/** Word of the agent → what `Sec-CH-UA-Platform` may then say. A phone that asks for desktop sites says that it runs Linux. */
const platforms: readonly (readonly [word: string, hints: readonly string[]])[] = [
  ["windows", ["Windows"]],
  ["android", ["Android"]],
  ["iphone", ["iOS"]],
  ["ipad", ["iOS"]],
  ["macintosh", ["macOS", "iOS"]],
  ["cros", ["Chrome OS", "Chromium OS"]],
  ["linux", ["Linux", "Android", "Unknown"]],
];

export function claimsOf(agent: string): Claims {
  const said = agent.slice(0, longestAgent).toLowerCase();
  const [engine, found] = peculiar.test(said) ? other : engineOf(said);
  return {
    engine,
    major: Number(found?.[1] ?? 0),
    platform: platforms.find(([word]) => said.includes(word))?.[0],
    isMobile: said.includes("mobile"),
    isView: said.includes("; wv)") || !said.startsWith("mozilla/"),
  };
}

const other = ["other", null] as const;

function engineOf(said: string): readonly [Claims["engine"], RegExpExecArray | null] {
  for (const [engine, pattern] of engines) {
    const found = pattern.exec(said);
    if (found) return [engine, found];
  }
  return other;
}

/** Whether a hint of the client contradicts what its User-Agent says. */
export const contradictions = {
  platform: (fields: Fields, { platform }: Claims): boolean => {
    const hint = /^"([^"]{0,32})"$/.exec(fields.get("sec-ch-ua-platform") ?? "")?.[1];
    const fitting = platforms.find(([word]) => word === platform)?.[1];
    return hint !== undefined && hint !== "" && fitting !== undefined && !fitting.includes(hint);
  },
  mobile: (fields: Fields, { isMobile, platform }: Claims): boolean => {
    const hint = fields.get("sec-ch-ua-mobile");
    return hint === "?1" ? !isMobile && platform !== "android" : hint === "?0" && isMobile && platform === "android";
  },
  /** Every browser on Chromium names that among its brands, with the version that its User-Agent has. */
  version: (fields: Fields, { major }: Claims): boolean => {
    const brands = fields.get("sec-ch-ua");
    if (!brands) return false;
    const said = /"Chromium"; ?v="(\d{1,4})/.exec(brands.slice(0, longestAgent))?.[1];
    return Number(said ?? -1) !== major;
  },
} as const;
