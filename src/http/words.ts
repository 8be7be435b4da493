/** Finding words in a text. */

/** So many are looked for one by one: that is faster than an index. */
const few = 8;

/** Whether a text holds one of the words, none of which is empty; in a time that hardly depends on how many there are. */
export function finderOf(words: readonly string[]): (text: string) => boolean {
  if (words.length <= few) return (text) => words.some((word) => text.includes(word));
  const shortest = Math.min(...words.map(({ length }) => length));
  const byHead = Map.groupBy(words, (word) => word.slice(0, shortest));
  return (text) => {
    for (let at = 0; at + shortest <= text.length; at++) {
      if (byHead.get(text.slice(at, at + shortest))?.some((word) => text.startsWith(word, at))) return true;
    }
    return false;
  };
}
