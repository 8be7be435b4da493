/** Lists as people write and publish them: texts with a member a line. */
import type { Member } from "../../src/lists/lists.ts";
import { readJsonList } from "./json-list.ts";
import { explain, readMember } from "./member.ts";

/** What a text holds. */
export interface TextList {
  readonly members: readonly Member[];
  readonly problems: readonly LineProblem[];
}

export interface LineProblem {
  /** Counted from 1. */
  readonly line: number;
  readonly says: string;
}

/** From a `#`, `;` or `//` at the start or behind white space to the end of the line. */
const comment = /(?:^|\s)(?:#|;|\/\/).*$/;

/** Begins as a JSON document does, and no line of a list. */
const json = /^\s*(?:\{|\[\s*["{[\]])/;

/**
 * Members of any kind in any order, on lines of their own or several separated by commas; comments, and empty lines. Or a
 * document in JSON.
 * @param tell is called with the number of lines read, now and then.
 */
export function readTextList(text: string, tell: (lines: number) => void = () => {}): TextList {
  const plain = text.replace(/^\uFEFF/, "");
  return json.test(plain) ? readDocument(plain) : readLines(plain, tell);
}

function readDocument(text: string): TextList {
  let document: unknown;
  try {
    document = JSON.parse(text);
  } catch (error) {
    return {
      members: [],
      problems: [{ line: 1, says: `It begins as JSON and is none: ${(error as Error).message}.` }],
    };
  }
  const { members, wrong } = readJsonList(document);
  const problems = wrong.map((written) => ({ line: lineOf(JSON.stringify(written), text), says: explain(written) }));
  if (members.length > 0 || problems.length > 0) return { members, problems };
  return { members, problems: [{ line: 1, says: "This JSON has no addresses or prefixes." }] };
}

function lineOf(written: string, text: string): number {
  return text.slice(0, Math.max(0, text.indexOf(written))).split("\n").length;
}

function readLines(text: string, tell: (lines: number) => void): TextList {
  const members: Member[] = [];
  const problems: LineProblem[] = [];
  const lines = text.split(/\r\n|\n|\r/);
  for (const [index, line] of lines.entries()) {
    if (index > 0 && index % linesBetween === 0) tell(index);
    for (const part of line.replace(comment, "").split(",")) {
      const written = part.trim();
      if (written === "") continue;
      const member = readMember(written);
      if (member) members.push(member);
      else problems.push({ line: index + 1, says: explain(written) });
    }
  }
  return { members, problems };
}

const linesBetween = 250_000;
