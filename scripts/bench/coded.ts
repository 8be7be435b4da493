/** One visit of a browser's, which takes all codings. */
import { get, type Agent, type IncomingMessage } from "node:http";
import { buffer } from "node:stream/consumers";
import { brotliDecompressSync, gunzipSync, zstdDecompressSync } from "node:zlib";
import type { Asset } from "./assets.ts";
import { BenchError } from "./bench-error.ts";
import { requestFields } from "./load.ts";

const decode: Readonly<Record<string, (bytes: Buffer) => Buffer>> = {
  identity: (bytes) => bytes,
  gzip: gunzipSync,
  br: brotliDecompressSync,
  zstd: zstdDecompressSync,
};

export interface Coded {
  /** Of the body, as it was sent. */
  readonly bytes: number;
  readonly coding: string;
}

/** Rejects with a {@link BenchError} when what comes isn't the asset. */
export async function askCoded(url: string, asset: Asset, agent: Agent): Promise<Coded> {
  const headers = { ...requestFields, "accept-encoding": "gzip, deflate, br, zstd" };
  const response = await new Promise<IncomingMessage>((resolve, reject) => {
    get(url + asset.path, { agent, headers }, resolve).on("error", reject);
  });
  const body = await buffer(response);
  const coding = response.headers["content-encoding"] ?? "identity";
  if (!decode[coding]?.(body).equals(asset.body))
    throw new BenchError(`${asset.name} came in ${coding} as something else`);
  return { bytes: body.byteLength, coding };
}
