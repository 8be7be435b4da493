/** The part of the library's interface that the oracle needs; it ships no types. */
declare module "http-cache-semantics" {
  interface Message {
    readonly url?: string;
    readonly method?: string;
    readonly status?: number;
    readonly headers: Readonly<Record<string, string>>;
  }
  export default class CachePolicy {
    constructor(request: Message, response: Message, options?: { readonly shared?: boolean });
    now(): number;
    storable(): boolean;
    /** Without `response` the origin must be asked first. */
    evaluateRequest(request: Message): { readonly response?: object | undefined };
  }
}
