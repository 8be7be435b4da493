/**
 * The origin: a process of its own, so that its CPU is nobody's. It is started with an IPC channel, says its port over
 * it, answers every message with how many objects it has been asked for, and ends when the channel closes.
 */
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { cacheControl, objectFields, objectOf, pathOf, sizes } from "./objects.ts";

const kinds = ["cacheable", "uncacheable"] as const;

const objects = new Map(
  kinds.flatMap((kind) =>
    Object.values(sizes).map((bytes) => {
      const body = Buffer.from(objectOf(bytes));
      const headers = { ...objectFields, "cache-control": cacheControl[kind], "content-length": bytes };
      return [pathOf(kind, bytes), { body, headers }] as const;
    }),
  ),
);

let asked = 0;

const server = createServer((request, response) => {
  asked++;
  const object = objects.get(request.url!.split("?")[0]!);
  if (object) response.writeHead(200, object.headers).end(object.body);
  else response.writeHead(404).end();
});

// A connection that the origin closes just as a contestant uses it again would be counted as the contestant's failure.
server.keepAliveTimeout = 600_000;
server.listen(0, "127.0.0.1", () => process.send!((server.address() as AddressInfo).port));

process.on("message", () => process.send!(asked));
process.on("disconnect", () => process.exit(0));
process.on("SIGINT", () => undefined); // Ctrl-C reaches the whole group; the channel says when to end
