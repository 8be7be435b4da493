/**
 * The origin: a process of its own. It says its port over its IPC channel, answers every message with how many requests it has
 * seen of whom, and ends when the channel closes.
 */
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { kindField, pageField, type Counts } from "./protocol.ts";

const counts: Record<string, number> = {};

/** A page of 2 KB, or so. */
const words = "It is a page, and this is what it says. ".repeat(50);

const server = createServer((request, response) => {
  const kind = String(request.headers[kindField]);
  counts[kind] = (counts[kind] ?? 0) + 1;
  const path = request.url!.split("?")[0]!;
  const body = `<!doctype html><title>${path}</title><p>${words}</p>\n`;
  request.resume();
  response
    .writeHead(200, {
      "content-type": "text/html;charset=utf-8",
      "content-length": body.length,
      "cache-control": /^\/(?:page|image)\//.test(path) ? "max-age=3600" : "no-store",
      [pageField]: path,
    })
    .end(body);
});

// A connection that the origin closes just as it is used again would be counted as a failure of the edge.
server.keepAliveTimeout = 600_000;
server.listen(0, "127.0.0.1", () => process.send!((server.address() as AddressInfo).port));

process.on("message", () => process.send!(counts satisfies Counts));
process.on("disconnect", () => process.exit(0));
process.on("SIGINT", () => undefined); // Ctrl-C reaches the whole group; the channel says when to end
