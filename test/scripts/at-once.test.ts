/** Places of a limit with `atOnce`, over the edge's own socket: when those are free again whose clients close their connection. */
import { createServer, type Server } from "node:http";
import { connect, type Socket } from "node:net";
import { expect, test } from "vitest";
import { startBefore } from "./started-edge.ts";

let asked = 0;
/** Says nothing to whoever asks for `/silent`. */
const origin: Server = createServer(({ url }, response) => {
  asked++;
  if (url !== "/silent") response.writeHead(200, { "cache-control": "no-store" }).end("page");
});

const edge = startBefore(
  origin,
  `
    SITES = [{ hosts = ["*"], timeouts = { header = "2s" }, retry = { tries = 1 } }]
    RULES = [{ limit = { atOnce = 1, per = "everybody" } }]
    `,
);

/** Asks for what is never answered, and closes as soon as the origin was asked. */
async function leave(close: (socket: Socket) => unknown): Promise<void> {
  const { hostname, port } = new URL(edge().url);
  const before = asked;
  const socket = connect(Number(port), hostname).on("error", () => undefined);
  socket.write("GET /silent HTTP/1.1\r\nHost: www.example.com\r\n\r\n");
  await expect.poll(() => asked, { timeout: 5_000 }).toBe(before + 1);
  close(socket);
}

const statusOf = async (): Promise<number> => {
  const response = await fetch(edge().url);
  await response.text();
  return response.status;
};

test.each<[string, (socket: Socket) => unknown]>([
  ["ends", (socket) => socket.end()],
  ["is closed", (socket) => socket.destroy()],
  ["is reset", (socket) => socket.resetAndDestroy()],
])("when the connection %s before there is an answer: when its time is over at the latest", async (_, close) => {
  expect(await statusOf()).toBe(200);
  await leave(close);
  await expect.poll(statusOf, { timeout: 4_000, interval: 100 }).toBe(200);
});
