/** The port the edge listens on. */
import { createServer, type AddressInfo } from "node:net";
import { InvalidArgumentError } from "commander";
import { StartError } from "./start-error.ts";

/** Loopback only: a local edge believes what visitors say of where they are. */
export const host = "127.0.0.1";

const says: Readonly<Record<string, (port: number) => string>> = {
  EADDRINUSE: (port) =>
    `Port ${port} is taken. Choose another one, such as --port ${port + 1}, or --port 0 for any that is free.`,
  EACCES: (port) => `Port ${port} needs privileges that this process doesn't have. Choose one above 1023.`,
};

/** For commander. */
export function parsePort(text: string): number {
  if (!/^\d{1,5}$/.test(text) || Number(text) > 65_535)
    throw new InvalidArgumentError("A port is a number from 0 to 65535.");
  return Number(text);
}

/**
 * Makes sure that the port is free before anything is started; resolves to it, or for 0 to one that is free.
 * Rejects with a {@link StartError}.
 */
export async function findPort(port: number): Promise<number> {
  const probe = createServer();
  const free = await new Promise<number>((resolve, reject) => {
    probe.once("error", (error: NodeJS.ErrnoException) => {
      reject(new StartError(says[error.code ?? ""]?.(port) ?? `Port ${port} can't be had: ${error.message}`));
    });
    probe.listen({ host, port, exclusive: true }, () => resolve((probe.address() as AddressInfo).port));
  });
  await new Promise((resolve) => probe.close(resolve));
  return free;
}
