import type { Edge } from "../../edge.ts";

/** As many texts are remembered, in two halves. */
const most = 100_000;

/**
 * What was used, until it would be refused for its age anyway. When a half is full the older one is forgotten, whatever it
 * holds: memory is bounded, and who has made so many others could have made one more instead.
 */
export function createFirstTime(now: Edge["now"], size = most): Edge["firstTime"] {
  let [recent, before] = [new Map<string, number>(), new Map<string, number>()];
  const isUsed = (used: ReadonlyMap<string, number>, text: string): boolean => (used.get(text) ?? 0) > now();
  return (text, until) => {
    if (isUsed(recent, text) || isUsed(before, text)) return false;
    if (recent.size >= size / 2) [recent, before] = [new Map(), recent];
    recent.set(text, until);
    return true;
  };
}
