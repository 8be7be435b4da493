/** The demo's origins: three processes on loopback. */
import { fork, type ChildProcess } from "node:child_process";
import { join } from "node:path";
import { root } from "../project.ts";
import type { DemoPlace } from "./demo.ts";

const script = join(root, "scripts/demo/origin.ts");

/** An origin that runs. */
export interface DemoOrigin extends DemoPlace {
  readonly url: string;
  readonly pid: number;
}

/** Starts one process a place; resolves when all listen. They end with this process, however that ends. */
export function startOrigins(places: readonly DemoPlace[]): Promise<readonly DemoOrigin[]> {
  return Promise.all(places.map(startOrigin));
}

async function startOrigin(place: DemoPlace): Promise<DemoOrigin> {
  const child = fork(script, [place.name, "0"], { stdio: ["ignore", "inherit", "inherit", "ipc"] });
  // It ends by itself when the channel closes; this only makes sure that it has before we are gone.
  process.on("exit", () => child.kill("SIGKILL"));
  const port = await portOf(child, place.name);
  child.on("exit", () =>
    console.log(`\n${place.name} (pid ${child.pid}) has ended: the edge goes on with the others.`),
  );
  return { ...place, url: `http://127.0.0.1:${port}`, pid: child.pid! };
}

function portOf(child: ChildProcess, name: string): Promise<number> {
  return new Promise((resolve, reject) => {
    child.once("message", (message) => resolve((message as { port: number }).port));
    child.once("error", reject);
    child.once("exit", (code) => reject(new Error(`${name} ended with code ${code} before it listened`)));
  });
}
