/** What kind of device a request says it is from. A claim and not a proof: anybody can write it. */
import type { Fields } from "./fields.ts";

/** "tv": televisions, their boxes, and game consoles. What says nothing else counts as "desktop", bots and programs too. */
export type Device = "phone" | "tablet" | "tv" | "desktop";

/** No browser's User-Agent is longer. What comes after is not looked at. */
const longestAgent = 512;

/**
 * Device → words of its User-Agents, in lower case: the first row that has one decides. Phones say "mobile" beside
 * "android", tablets don't. Words alone, without repetition: the time is linear in what is looked at.
 */
const rows: readonly (readonly [device: Device, words: RegExp])[] = [
  [
    "tv",
    /smart-?tv|googletv|google tv|android tv|apple ?tv|hbbtv|crkey|roku|aft[a-z]|web0s|netcast|bravia|viera|tizen.{0,9} tv|xbox|playstation|nintendo/,
  ],
  // "Tablet PC" is what desktop versions of Windows say where a pen would do.
  ["tablet", /ipad|tablet(?! pc)|kindle|playbook/],
  ["phone", /mobi|iphone|ipod|windows phone|blackberry|bb10|opera mini/],
  ["tablet", /android|silk\//],
];

/** The fields of a request that tell it. */
export const deviceFields = ["User-Agent", "Sec-CH-UA-Mobile"] as const;

/**
 * By `Sec-CH-UA-Mobile` (User-Agent Client Hints §3.3), which Chromium sends unasked, and by the User-Agent. An iPad that
 * asks for desktop sites, as they do by default, can't be told from a Mac.
 */
export function deviceOf(request: Fields): Device {
  const hint = request.get("sec-ch-ua-mobile");
  if (hint === "?1") return "phone";
  const said = (request.get("user-agent") ?? "").slice(0, longestAgent).toLowerCase();
  const found = rows.find(([device, words]) => words.test(said) && !(device === "phone" && hint === "?0"));
  return found?.[0] ?? "desktop";
}
