/**
 * A table as one file (docs/REWRITING.md): a line about what follows, then a redirect a line, its fields between tabs. All has
 * been checked and put in normal form when it was made, so that loading it is no more than reading it.
 */
import { readBytes } from "../http/byte-reader.ts";
import { hashOf } from "../http/hash.ts";
import { toEntry, type Entry, type Redirect } from "./redirect.ts";

/** Why bytes are no table. */
export class RedirectsError extends Error {
  override readonly name = "RedirectsError";
}

const magic = "perigee-redirects";
const version = 1;

/** Of a file at most; in memory, the table takes about three times as much. */
const mostBytes = 8 << 20;
const inMemory = 3;

/** Of the first line at most. */
const mostOfHeader = 80;

/** @throws RedirectsError when it is larger than a table may be. */
export function encodeRedirects(redirects: readonly Redirect[]): Uint8Array<ArrayBuffer> {
  const lines = redirects.map(
    ({ from, to, status, query }) => `${from}\t${to}\t${status}\t${query ? "keep" : "drop"}\n`,
  );
  const body = lines.join("");
  const bytes = new TextEncoder().encode(body).length;
  if (bytes > mostBytes) throw new RedirectsError(tooLarge(bytes));
  const header = [magic, version, hashOf(body).toString(16).padStart(8, "0"), bytes, redirects.length].join(" ");
  return new Uint8Array(new TextEncoder().encode(`${header}\n${body}`));
}

function tooLarge(bytes: number): string {
  return `it takes ${bytes} bytes, and ${mostBytes} is the most`;
}

/** What was read: `header` tells two files apart. */
export interface ReadRedirects {
  readonly header: string;
  readonly entries: readonly Entry[];
  /** Of memory that it takes. */
  readonly bytes: number;
}

/**
 * Reads a file from a stream.
 * @param known the header of the one that is in use.
 * @param admit is asked about its bytes before memory is taken for them, and throws when there is no room.
 * @returns undefined when it is the known one: then no more than its beginning is read.
 * @throws RedirectsError when the bytes are no table; whatever the stream or `admit` fails with.
 */
export async function readRedirects(
  body: ReadableStream<Uint8Array>,
  known?: string,
  admit: (bytes: number) => void = () => {},
): Promise<ReadRedirects | undefined> {
  const reader = readBytes(body);
  const text = new TextDecoder();
  let read = "";
  let size = 0;
  const more = async (): Promise<boolean> => {
    const { value, done } = await reader.read();
    if (value) {
      size += value.byteLength;
      read += text.decode(value, { stream: true });
      reader.release(value);
    }
    return !done;
  };
  try {
    while (!read.includes("\n") && read.length <= mostOfHeader && (await more()));
    const header = read.slice(0, Math.max(0, read.indexOf("\n")));
    const { checksum, bytes, count } = readHeader(header);
    if (header === known) return undefined;
    admit(bytes * inMemory);
    while (size <= header.length + 1 + bytes && (await more()));
    if (size !== header.length + 1 + bytes) throw new RedirectsError("it is damaged or cut off: its length is another");
    return { header, entries: parse(read.slice(header.length + 1), { checksum, count }), bytes: bytes * inMemory };
  } finally {
    await reader.cancel().catch(() => undefined);
  }
}

interface Header {
  readonly checksum: string;
  readonly bytes: number;
  readonly count: number;
}

function readHeader(line: string): Header {
  const [found, written, checksum, bytes, count] = /^(\S+) (\d+) ([\da-f]{8}) (\d+) (\d+)$/.exec(line)?.slice(1) ?? [];
  if (found !== magic) throw new RedirectsError("it is no table that was made by `perigee redirects build`");
  if (Number(written) !== version)
    throw new RedirectsError(`it is of version ${written}, and this edge reads version ${version}`);
  if (Number(bytes) > mostBytes) throw new RedirectsError(tooLarge(Number(bytes)));
  return { checksum: checksum!, bytes: Number(bytes), count: Number(count) };
}

/** What was damaged on its way, or cut off, has another checksum. */
function parse(body: string, { checksum, count }: Pick<Header, "checksum" | "count">): Entry[] {
  if (hashOf(body).toString(16).padStart(8, "0") !== checksum)
    throw new RedirectsError("it is damaged or cut off: its checksum is another");
  const lines = body.split("\n").slice(0, -1);
  if (lines.length !== count) throw new RedirectsError(`it has ${lines.length} lines, and should have ${count}`);
  return lines.map((line) => {
    const [from = "", to = "", status, query] = line.split("\t");
    const entry = toEntry({ from, to, status: Number(status), query: query === "keep" });
    if ("flaw" in entry)
      throw new RedirectsError(`its redirect from ${JSON.stringify(from)} can't be used: ${entry.flaw}`);
    return entry;
  });
}
