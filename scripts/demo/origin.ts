/**
 * One origin of the demo, a process of its own: `node scripts/demo/origin.ts NAME PORT` (port 0: any free one).
 * Started by the demo, it tells its port over the channel and ends when the demo does, however that ends.
 */
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { answer } from "./routes.ts";
import { echoWebSocket } from "./websocket.ts";

const [name = "origin", port = "0"] = process.argv.slice(2);

const server = createServer((request, response) => {
  answer(name, request, response).catch((error: unknown) => {
    // The client went away in the middle of a body: nobody is left to tell.
    response.destroy(error instanceof Error ? error : undefined);
  });
});
server.on("upgrade", echoWebSocket);
server.on("error", (error) => {
  console.error(`${name}: ${error.message}`);
  process.exit(1);
});
server.listen(Number(port), "127.0.0.1", () => {
  const address = server.address() as AddressInfo;
  if (process.send) process.send({ port: address.port });
  else console.log(`${name} on http://127.0.0.1:${address.port}`);
});

if (process.send) {
  // Ctrl-C reaches every process of the terminal; the demo decides when its origins end.
  process.on("SIGINT", () => {});
  process.on("disconnect", () => process.exit(0));
}
