/** What a client sends, and what it is answered, over HTTP/1.1 as bytes: attackers send what no library would. Pure. */

/** One request. */
export interface Asked {
  readonly method: string;
  /** As it is written, whatever is wrong with it. */
  readonly target: string;
  readonly fields: Readonly<Record<string, string>>;
  readonly content?: string;
}

export const host = "www.example.com";

/** As RFC 9112 §2.1 has it; characters are bytes. */
export function write({ method, target, fields, content = "" }: Asked): string {
  let text = `${method} ${target} HTTP/1.1\r\nhost: ${host}\r\n`;
  for (const name in fields) text += `${name}: ${fields[name]}\r\n`;
  if (method === "POST") text += `content-length: ${content.length}\r\n`;
  return `${text}\r\n${content}`;
}

/** A whole answer. */
export interface Answer {
  readonly status: number;
  /** Of a field by its name in lower case, as it was sent; undefined when there is none. */
  readonly field: (name: string) => string | undefined;
  /** Whether the connection can be used again. */
  readonly isLasting: boolean;
}

const headEnd = "\r\n\r\n";

/** Of one that has all come; undefined while more is to come. */
export function readAnswer(text: string): Answer | undefined {
  const end = text.indexOf(headEnd);
  if (end === -1) return undefined;
  const head = text.slice(0, end);
  const field = (name: string): string | undefined => new RegExp(`^${name}: *(.*)$`, "im").exec(head)?.[1];
  const length = field("content-length");
  const start = end + headEnd.length;
  const isWhole = length === undefined ? isWholeChunked(text, start) : text.length - start >= Number(length);
  const isLasting = !/close/i.test(field("connection") ?? "");
  return isWhole ? { status: Number(head.slice(9, 12)), field, isLasting } : undefined;
}

/** RFC 9112 §7.1, without trailers, which the edge sends none of. */
function isWholeChunked(text: string, start: number): boolean {
  for (let at = start; ;) {
    const line = text.indexOf("\r\n", at);
    if (line === -1) return false;
    const size = Number.parseInt(text.slice(at, line), 16);
    if (!(size > 0)) return text.length >= line + 4;
    at = line + 2 + size + 2;
    if (at > text.length) return false;
  }
}
