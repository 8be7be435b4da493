/** What the edge uses of the platform's `node:zlib`; @types/node would bring the whole of Node's globals with it. */
declare module "node:zlib" {
  interface Coder {
    write(chunk: Uint8Array, done: (error?: Error | null) => void): boolean;
    flush(kind: number, done: () => void): void;
    end(): void;
    pause(): this;
    resume(): this;
    destroy(error?: Error): this;
    on(event: "data", listener: (chunk: Uint8Array) => void): this;
    on(event: "end", listener: () => void): this;
    on(event: "error", listener: (error: Error) => void): this;
  }

  interface Params {
    readonly params: Readonly<Record<number, number>>;
  }

  interface Level {
    readonly level: number;
  }

  export const constants: {
    readonly BROTLI_PARAM_QUALITY: number;
    readonly BROTLI_PARAM_LGWIN: number;
    readonly BROTLI_PARAM_SIZE_HINT: number;
    readonly BROTLI_OPERATION_FLUSH: number;
    readonly ZSTD_c_compressionLevel: number;
    readonly ZSTD_c_windowLog: number;
    readonly ZSTD_e_flush: number;
    readonly Z_SYNC_FLUSH: number;
  };

  export function createGzip(options: Level): Coder;
  export function createBrotliCompress(options: Params): Coder;
  export function createZstdCompress(options: Params & { readonly pledgedSrcSize?: number }): Coder;
  export function gzipSync(input: Uint8Array | string, options?: Level): Uint8Array<ArrayBuffer>;
  export function brotliCompressSync(input: Uint8Array | string, options?: Params): Uint8Array<ArrayBuffer>;
  export function zstdCompressSync(input: Uint8Array | string, options?: Params): Uint8Array<ArrayBuffer>;
  export function createGunzip(): Coder;
  export function createBrotliDecompress(): Coder;
  export function createZstdDecompress(): Coder;
  export function createInflate(): Coder;
}
