/** Lists as people write and publish them: texts with a member a line. */
import { formatAddress } from "../../src/http/ip-form.ts";
import { networkOf, parseAddress } from "../../src/http/ip.ts";
import { parseMember, type Member } from "../../src/lists/lists.ts";

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

/**
 * Members of any kind in any order, on lines of their own or several separated by commas; comments, and empty lines.
 * @param tell is called with the number of lines read, now and then.
 */
export function readTextList(text: string, tell: (lines: number) => void = () => {}): TextList {
  const members: Member[] = [];
  const problems: LineProblem[] = [];
  const lines = text.replace(/^\uFEFF/, "").split(/\r\n|\n|\r/);
  for (const [index, line] of lines.entries()) {
    if (index > 0 && index % linesBetween === 0) tell(index);
    for (const part of line.replace(comment, "").split(",")) {
      const written = part.trim();
      if (written === "") continue;
      const member = parseMember(written);
      if (member) members.push(member);
      else problems.push({ line: index + 1, says: explain(written) });
    }
  }
  return { members, problems };
}

const linesBetween = 250_000;

function explain(written: string): string {
  const what = JSON.stringify(written.length > 60 ? `${written.slice(0, 59)}…` : written);
  if (/^\d+$/.test(written)) return `${what} could be anything: write an AS number as AS${written}.`;
  if (/^as\d+$/i.test(written)) return `${what} is no AS number: the largest is AS4294967295.`;
  const meant = networkAround(written);
  if (meant !== undefined) return `${what} has bits set after its length; did you mean ${meant}?`;
  const kind = written.includes("-") ? "range" : written.includes("/") ? "prefix" : "address";
  return `${what} is no ${kind}.`;
}

/** Of a prefix that has bits set after its length, the one without. */
function networkAround(written: string): string | undefined {
  const [, text = "", bits = ""] = /^([^/]+)\/(\d{1,3})$/.exec(written) ?? [];
  const address = parseAddress(text);
  const length = Number(bits);
  if (!address || length > address.length * 32) return undefined;
  return `${formatAddress(networkOf(address, length))}/${length}`;
}
