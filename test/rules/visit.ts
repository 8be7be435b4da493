/** A visit as rules see it, without a platform. */
import { completePolicy } from "../../src/config/complete.ts";
import { visitedAddress } from "../../src/http/address.ts";
import { Fields } from "../../src/http/fields.ts";
import { Trail } from "../../src/trail.ts";
import type { Client, Identified } from "../../src/visit.ts";
import { asking, person } from "../harness/rooms.ts";

export interface VisitParts {
  readonly url?: string;
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly client?: Partial<Client>;
  readonly bot?: string;
  /** What else is known of who it is. */
  readonly identity?: Partial<Pick<Identified, "kind" | "proof" | "score">>;
}

export function visitOf({
  url = "https://www.example.com/",
  method = "GET",
  headers = {},
  client,
  bot = "",
  identity = {},
}: VisitParts = {}): Identified {
  const caching = completePolicy(undefined);
  return {
    id: "1",
    method,
    url: visitedAddress(url)!,
    fields: Fields.of(headers),
    request: new Request(url, { method }),
    client: { ip: "192.0.2.1", ...client },
    startedAt: 0,
    trail: new Trail(),
    site: {
      name: "www",
      hosts: ["www.example.com"],
      origins: [],
      balance: "nearest",
      methods: new Set(["GET"]),
      paths: "usual",
      asking,
      caching,
    },
    ...person,
    bot,
    ...identity,
  };
}
