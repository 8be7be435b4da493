/** Texts that resemble one another as the versions of a bundle do. */

/** Numbers from 0 up to 1, the same for the same seed. */
export function numbersFrom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}

const words =
  "const return function import export await Map Set value name next state length key item error node list".split(" ");

/** Something like a script, of that many characters. */
export function scriptOf(size: number, seed = 1): string {
  const number = numbersFrom(seed);
  const pick = (): string => words[Math.floor(number() * words.length)]!;
  let text = "";
  while (text.length < size) {
    const name = `${pick()}${Math.floor(number() * 5000).toString(36)}`;
    text += `${pick()} ${name}(${pick()},"${Math.floor(number() * 1e9).toString(36)}"){${pick()} ${pick()}.${pick()}(${name})}\n`;
  }
  return text.slice(0, size);
}

/**
 * The next version of a text: every so often some forty characters are replaced by others, as many, fewer or more, until that share of
 * it is changed.
 */
export function nextVersion(text: string, share: number, seed = 2): string {
  const number = numbersFrom(seed);
  const edits = Math.max(1, Math.round((text.length * share) / edit));
  const step = text.length / edits;
  const pieces: string[] = [];
  let last = 0;
  for (let each = 0; each < edits; each++) {
    const at = Math.floor(each * step + number() * Math.max(0, step - edit));
    const length = Math.floor(edit * (0.5 + number()));
    pieces.push(text.slice(last, at), scriptOf(length, Math.floor(number() * 2 ** 32)));
    last = at + edit;
  }
  return pieces.join("") + text.slice(last);
}

/** Characters of one edit. */
const edit = 40;
