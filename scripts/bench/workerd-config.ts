/** What workerd is told to serve, in the text form of Cap'n Proto. */
import type { Compatibility } from "../start/wrangler-file.ts";

export interface Served {
  readonly bindings: Readonly<Record<string, unknown>>;
  readonly compatibility: Compatibility;
  /** Host and port of a cache service in a process of its own; in the contestant's when not given. */
  readonly cacheAt?: string | undefined;
}

/**
 * The config of one contestant, which embeds `worker.js` and `cache-service.js` beside it. Everybody gets the same
 * services and the same compatibility. The service behind the Cache API runs in the same process, as it does for those
 * who host workerd themselves, so that its CPU is in everybody's figures: over a socket it would cost the contestants
 * more than it does itself, and make the differences between them look smaller. Where memory is measured it is apart,
 * because what it holds is not the contestant's.
 */
export function configOf({ bindings, compatibility, cacheAt }: Served): string {
  const bound = Object.entries(bindings).map(toBinding).join(", ");
  return `using Workerd = import "/workerd/workerd.capnp";
const config :Workerd.Config = (
  services = [
    ( name = "main", worker = (
      modules = [(name = "worker.js", esModule = embed "worker.js")],
      bindings = [${bound}],
      cacheApiOutbound = "cache", globalOutbound = "loopback", ${render(compatibility)} ) ),
    ${cacheAt === undefined ? cacheService(compatibility) : `( name = "cache", external = (address = ${quote(cacheAt)}, http = (style = proxy)) )`},
    ( name = "loopback", network = (allow = ["private", "local"]) )
  ],
  sockets = [(name = "http", address = "127.0.0.1:0", http = (), service = "main")]
);
`;
}

/** The config of a cache service in a process of its own. */
export function cacheConfigOf(compatibility: Compatibility): string {
  return `using Workerd = import "/workerd/workerd.capnp";
const config :Workerd.Config = (
  services = [ ${cacheService(compatibility)} ],
  sockets = [(name = "http", address = "127.0.0.1:0", http = (style = proxy), service = "cache")]
);
`;
}

function cacheService(compatibility: Compatibility): string {
  return `( name = "cache", worker = (
      modules = [(name = "cache-service.js", esModule = embed "cache-service.js")], ${render(compatibility)} ) )`;
}

function render({ date, flags }: Compatibility): string {
  return `compatibilityDate = ${quote(date)}, compatibilityFlags = [${flags.map(quote).join(", ")}]`;
}

function toBinding([name, value]: [string, unknown]): string {
  const form = typeof value === "string" ? `text = ${quote(value)}` : `json = ${quote(JSON.stringify(value))}`;
  return `(name = ${quote(name)}, ${form})`;
}

/** A text literal; its escapes are those of C, which JSON's are for printable ASCII and line feeds. */
function quote(text: string): string {
  if (!/^[\n\x20-\x7e]*$/.test(text))
    throw new RangeError(`only printable ASCII and line feeds can be quoted, not ${JSON.stringify(text)}`);
  return JSON.stringify(text);
}
