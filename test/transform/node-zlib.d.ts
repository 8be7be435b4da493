/** What the tests use of the platform's `node:zlib` beyond the edge itself. */
declare module "node:zlib" {
  type Decompress = (input: Uint8Array | string) => Uint8Array<ArrayBuffer>;
  export const gunzipSync: Decompress;
  export const brotliDecompressSync: Decompress;
  export const zstdDecompressSync: Decompress;
}
