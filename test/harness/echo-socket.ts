/** A WebSocket server that sends back each short text it gets (RFC 6455); enough for tests, no more. */
import { createHash } from "node:crypto";
import type { IncomingMessage } from "node:http";
import type { Duplex } from "node:stream";

/** Accepts the handshake, the first of the subprotocols offered, and echoes until the client closes. */
export function echo(request: IncomingMessage, socket: Duplex): void {
  const accept = createHash("sha1").update(`${request.headers["sec-websocket-key"]}${guid}`).digest("base64");
  const protocol = request.headers["sec-websocket-protocol"]?.split(",", 1)[0];
  const lines = [
    "HTTP/1.1 101 Switching Protocols",
    "Upgrade: websocket",
    "Connection: Upgrade",
    `Sec-WebSocket-Accept: ${accept}`,
    ...(protocol ? [`Sec-WebSocket-Protocol: ${protocol}`] : []),
  ];
  socket.write(`${lines.join("\r\n")}\r\n\r\n`);
  socket.on("data", (frame: Buffer) => socket.write(unmasked(frame)));
  socket.on("error", () => socket.destroy());
}

const guid = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";

/** The same frame, text or close, as a server sends it. Its length is below 126, and it came in one piece. */
function unmasked(frame: Buffer): Buffer {
  const length = frame[1]! & 0x7f;
  const mask = frame.subarray(2, 6);
  const payload = frame.subarray(6, 6 + length).map((byte, index) => byte ^ mask[index % 4]!);
  return Buffer.concat([Buffer.from([frame[0]!, length]), payload]);
}
