/** What the tests use of the platform's `node:zlib` beyond the edge itself. */
declare module "node:zlib" {
  type Compress = (input: Uint8Array | string) => Uint8Array<ArrayBuffer>;
  export const gzipSync: Compress;
  export const gunzipSync: Compress;
  export const brotliCompressSync: Compress;
  export const brotliDecompressSync: Compress;
  export const zstdCompressSync: Compress;
  export const zstdDecompressSync: Compress;
}
