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

  export const constants: {
    readonly BROTLI_PARAM_QUALITY: number;
    readonly BROTLI_OPERATION_FLUSH: number;
    readonly Z_SYNC_FLUSH: number;
  };

  export function createGzip(options?: { readonly level: number }): Coder;
  export function createBrotliCompress(options?: { readonly params: Readonly<Record<number, number>> }): Coder;
  export function createGunzip(): Coder;
  export function createBrotliDecompress(): Coder;
  export function createZstdDecompress(): Coder;
  export function createInflate(): Coder;
}
