/** Pages through the platform's HTML parser, which is made to damage nothing. */
import { readBytes, type ByteReader } from "../../http/byte-reader.ts";
import { Pieces } from "./pieces.ts";

/** What is done to a page. */
export interface Rewriting {
  /** Tells a parser what to look for: of the page, or of the rest of it. `isOver` says at its end whether it is the page's. */
  readonly arrange: (rewriter: HTMLRewriter, isOver: () => boolean) => void;
  /** The start tags that a parser must see first that begins there, as it couldn't know of them. */
  readonly resume: () => string;
  /** Where nothing but links and nonces changes: counts by how many bytes they became shorter. */
  readonly shrinking?: Shrinking;
}

export interface Shrinking {
  /** Of the piece that the parser has got. */
  bytes: number;
}

/** What the parser has got, and how much of that hasn't come out, about; in bytes. */
interface Under {
  piece: number;
  way: number;
}

/**
 * How many bytes to wait for: the parser gives a piece of a few bytes before and after each tag that it asks about, and each that the script
 * reads costs more than the tag. It asks for more only when all is out that it has got, so that waiting for what comes of that in any
 * case holds up nothing. That is about as much as went in, but for what handlers took away and for white space in changed
 * tags, for which a quarter is spared. Where the parser may give up, what was waited for would be lost.
 */
function leastOf({ piece, way }: Under, pieces: Pieces, { shrinking }: Rewriting): number {
  const sure = shrinking && !pieces.isWary ? way - shrinking.bytes - piece / 4 : 0;
  return sure < 1024 ? 1 : Math.floor(sure / 4);
}

/**
 * The parser reads each byte as a character of windows-1252, which has one for every byte, and back again. So whatever the bytes
 * are, they come out as they came in; as UTF-8, the parser would replace what is none. Handlers see such text, and give it.
 */
const bytewise = { headers: { "content-type": "text/html; charset=windows-1252" } };

/** A text as the parser must be given it, so that it comes out in UTF-8. */
export function toBytewise(text: string): string {
  return isAscii.test(text) ? text : new TextDecoder("windows-1252").decode(new TextEncoder().encode(text));
}

// oxlint-disable-next-line no-control-regex -- all of ASCII
const isAscii = /^[\0-\x7f]*$/;

/**
 * The page as handlers leave it; all else keeps every byte.
 *
 * The parser gives up at markup that it can't tell apart while it streams, such as a script inside `<select>`, and where its
 * memory is full. Another then takes over: at what it isn't sure of, which that one takes for what it is outside; before too many
 * elements are open; and after a tag that is too long.
 */
export function rewrite(body: ReadableStream<Uint8Array>, rewriting: Rewriting): ReadableStream<Uint8Array> {
  const pieces = new Pieces(readBytes(body));
  const under: Under = { piece: 0, way: 0 };
  let output = parse(pieces, rewriting, under);
  const read = async (): Promise<ReadableStreamReadResult<Uint8Array>> => {
    const next = await output.read(leastOf(under, pieces, rewriting)).catch((error: unknown) => {
      const name = unclearName(error);
      if (name === undefined || !pieces.goBack(name, rewriting.resume)) throw error;
      output = parse(pieces, rewriting, under);
    });
    if (!next) return read();
    under.way = next.done ? 0 : Math.max(0, under.way - next.value.byteLength);
    if (!next.done) return next;
    const turn = await pieces.turn(rewriting.resume);
    if (turn.kind === "over") return next;
    if (turn.kind === "as-is") return { done: false, value: turn.bytes };
    output = parse(pieces, rewriting, under);
    return read();
  };
  return new ReadableStream(
    {
      async pull(controller) {
        const { done, value } = await read();
        if (done) controller.close();
        else controller.enqueue(value);
      },
      async cancel(reason) {
        await Promise.allSettled([output.cancel(reason), pieces.cancel(reason)]);
      },
    },
    { highWaterMark: 0 },
  );
}

function parse(pieces: Pieces, rewriting: Rewriting, under: Under): ByteReader {
  const rewriter = new HTMLRewriter();
  const begin = (bytes: number): void => {
    under.piece = under.way = bytes;
    if (rewriting.shrinking) rewriting.shrinking.bytes = 0;
  };
  rewriting.arrange(rewriter, () => pieces.isOver);
  return readBytes(rewriter.transform(new Response(streamOf(pieces, begin), bytewise)).body!);
}

function streamOf(pieces: Pieces, begin: (bytes: number) => void): ReadableStream<Uint8Array> {
  return new ReadableStream(
    {
      async pull(controller) {
        const piece = await pieces.next();
        begin(piece?.byteLength ?? 0);
        if (piece) controller.enqueue(piece);
        else controller.close();
      },
    },
    { highWaterMark: 0 },
  );
}

const givenUp = /text content tag \(`<(\w+)>`\)/;

/** The tag at which the parser gave up; undefined when that isn't what went wrong. */
function unclearName(error: unknown): string | undefined {
  return error instanceof Error ? givenUp.exec(error.message)?.[1]?.toLowerCase() : undefined;
}
