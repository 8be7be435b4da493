/** The right word for a wrong one. */

/**
 * The word that was most likely meant: the one with the fewest typing mistakes between, if these are few for its length.
 * Letter case and punctuation don't count. Undefined when no word comes near.
 */
export function nearest(wrong: string, words: Iterable<string>): string | undefined {
  const written = letters(wrong);
  let best: { readonly word: string; readonly distance: number } | undefined;
  for (const word of words) {
    const meant = letters(word);
    const allowed = Math.floor((Math.max(written.length, meant.length) + 1) / 3);
    if (Math.abs(written.length - meant.length) > allowed) continue;
    const distance = typos(written, meant);
    if (distance <= allowed && (!best || distance < best.distance)) best = { word, distance };
  }
  return best?.word;
}

function letters(word: string): string {
  const plain = word.toLowerCase().replace(/[^\p{L}\p{N}*.]/gu, "");
  return (plain === "" ? word : plain).slice(0, 64);
}

/** Letters wrong, missing, too many, or swapped with their neighbour (the optimal string alignment distance). */
export function typos(a: string, b: string): number {
  let beforeLast: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const change = a[i - 1] === b[j - 1] ? 0 : 1;
      let least = Math.min(last[j]! + 1, row[j - 1]! + 1, last[j - 1]! + change);
      const areSwapped = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1];
      if (areSwapped) least = Math.min(least, beforeLast[j - 2]! + 1);
      row.push(least);
    }
    beforeLast = last;
    last = row;
  }
  return last[b.length]!;
}
