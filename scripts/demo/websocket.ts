/** `/ws`: a WebSocket that says back what it is told (RFC 6455), as much of the protocol as an echo needs. */
import { createHash } from "node:crypto";
import type { IncomingMessage } from "node:http";
import type { Duplex } from "node:stream";

const opcodes = { close: 0x8, ping: 0x9, pong: 0xa } as const;

/** Larger frames end the connection: an echo holds a frame whole. */
const largestFrame = 1 << 20;

interface Frame {
  /** The first byte as it came: FIN, reserved bits and opcode, so that fragments are echoed as fragments. */
  readonly head: number;
  readonly payload: Buffer;
  /** Bytes it took on the wire. */
  readonly size: number;
}

/** For the server's "upgrade" event. */
export function echoWebSocket(request: IncomingMessage, socket: Duplex, first: Buffer): void {
  socket.on("error", () => socket.destroy());
  const key = request.headers["sec-websocket-key"];
  if (request.url !== "/ws" || request.headers.upgrade?.toLowerCase() !== "websocket" || key === undefined) {
    return void socket.end(
      "HTTP/1.1 426 Upgrade Required\r\nUpgrade: websocket\r\nConnection: close\r\nContent-Length: 0\r\n\r\n",
    );
  }
  socket.write(
    "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n" +
      `Sec-WebSocket-Accept: ${acceptKey(key)}\r\n\r\n`,
  );
  let waiting = first;
  socket.on("data", (chunk: Buffer) => {
    waiting = Buffer.concat([waiting, chunk]);
    for (let frame = readFrame(waiting); frame; frame = readFrame(waiting)) {
      waiting = waiting.subarray(frame.size);
      reply(socket, frame);
    }
    if (waiting.length > largestFrame) socket.destroy();
  });
}

/** RFC 6455 §4.2.2; the constant is the protocol's own. */
function acceptKey(key: string): string {
  return createHash("sha1").update(`${key}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`).digest("base64");
}

function reply(socket: Duplex, { head, payload }: Frame): void {
  const opcode = head & 0x0f;
  if (opcode === opcodes.pong) return;
  socket.write(frame(opcode === opcodes.ping ? 0x80 | opcodes.pong : head, payload));
  if (opcode === opcodes.close) socket.end();
}

/** The first frame in `bytes`, unmasked (RFC 6455 §5.2); undefined while it is incomplete. */
function readFrame(bytes: Buffer): Frame | undefined {
  if (bytes.length < 2) return undefined;
  const short = bytes[1]! & 0x7f;
  const extended = short === 127 ? 8 : short === 126 ? 2 : 0;
  const start = 2 + extended + 4;
  if (bytes.length < start) return undefined;
  const length = extended === 8 ? Number(bytes.readBigUInt64BE(2)) : extended === 2 ? bytes.readUInt16BE(2) : short;
  if (bytes.length < start + length) return undefined;
  const mask = bytes.subarray(start - 4, start);
  const payload = Buffer.from(bytes.subarray(start, start + length));
  for (let at = 0; at < length; at += 1) payload[at]! ^= mask[at % 4]!;
  return { head: bytes[0]!, payload, size: start + length };
}

/** A server's frame: never masked (RFC 6455 §5.1). */
function frame(head: number, payload: Buffer): Buffer {
  const { length } = payload;
  if (length < 126) return Buffer.concat([Buffer.from([head, length]), payload]);
  const size = Buffer.alloc(length < 65_536 ? 2 : 8);
  if (length < 65_536) size.writeUInt16BE(length);
  else size.writeBigUInt64BE(BigInt(length));
  return Buffer.concat([Buffer.from([head, length < 65_536 ? 126 : 127]), size, payload]);
}
