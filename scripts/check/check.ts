/** Checks the config in a file, without starting anything. */
import { bindingSchemas, loadConfig, type Bound, type Problem } from "../../src/config/config.ts";
import type { Config } from "../../src/config/model.ts";
import { bindingsOf, fetchersIn, objectsIn, tables } from "./bindings.ts";
import { DocumentError, isTable, readDocument, type Table } from "./document.ts";

/** What a check found. */
export type Report =
  | {
      readonly kind: "right";
      readonly origins: number;
      readonly sites: number;
      readonly rules: number;
      /** Absent where there are none. */
      readonly experiments?: number;
      readonly notes?: readonly Problem[];
    }
  | { readonly kind: "wrong"; readonly problems: readonly Problem[] };

/** What the Worker would get to see. */
interface Bindings {
  readonly vars: Table;
  /** What else is bound; undefined when the file isn't the one that says so. Secrets are in no file. */
  readonly bound: Bound | undefined;
  /** The names of Durable Objects; undefined likewise. */
  readonly objects: readonly string[] | undefined;
}

/** As many notes of one kind are shown. */
const mostNotes = 20;

/** As many bytes as a variable may take on the platform. */
const variableSize = 5 * 1024;

/**
 * Checks `[vars]` of a wrangler.toml or wrangler.jsonc, or a JSON document whose members are the bindings.
 * @param environment the one of wrangler's environments to check, instead of the top level.
 * @throws DocumentError when the file can't be read, or holds no config.
 */
export function checkFile(file: string, environment?: string): Report {
  const { vars, bound, objects } = findBindings(file, readDocument(file), environment);
  const tooLarge = bound ? findTooLarge(vars) : [];
  const loaded = loadConfig(vars, bound);
  if (loaded.kind === "problems") return { kind: "wrong", problems: [...loaded.problems, ...tooLarge] };
  if (tooLarge.length > 0) return { kind: "wrong", problems: tooLarge };
  const { origins, sites, rules, experiments } = loaded.config;
  const notes = [...loaded.notes.slice(0, mostNotes), ...findUncounted(loaded.config, objects)];
  const distinct = new Set([...sites.exact.values(), ...sites.wildcard.values(), sites.any].filter(Boolean));
  return {
    kind: "right",
    origins: origins.length,
    sites: distinct.size,
    rules: rules.length,
    ...(experiments.length > 0 && { experiments: experiments.length }),
    ...(notes.length > 0 && { notes }),
  };
}

/**
 * The config of such a file.
 * @throws DocumentError when it can't be read, holds no config, or one with problems.
 */
export function readConfig(file: string, environment?: string): Config {
  const { vars, bound } = findBindings(file, readDocument(file), environment);
  const loaded = loadConfig(vars, bound);
  if (loaded.kind === "config") return loaded.config;
  throw new DocumentError(`${file} has problems, which npm run check tells.`);
}

function findBindings(file: string, document: Table, environment: string | undefined): Bindings {
  const scope = environment === undefined ? document : findEnvironment(file, document, environment);
  if (isTable(scope["vars"])) {
    return { vars: scope["vars"], bound: findBound(scope), objects: objectsIn(scope) };
  }
  const isBareConfig = environment === undefined && Object.keys(bindingSchemas()).some((name) => name in document);
  if (isBareConfig) return { vars: document, bound: undefined, objects: undefined };
  throw new DocumentError(
    `${file} has no [${environment === undefined ? "" : `env.${environment}.`}vars], where the config stands.`,
  );
}

function findEnvironment(file: string, document: Table, name: string): Table {
  const environments = isTable(document["env"]) ? document["env"] : {};
  const found = environments[name];
  if (isTable(found)) return found;
  const names = Object.keys(environments);
  const hint = names.length > 0 ? `it has ${names.join(", ")}` : "it has none";
  throw new DocumentError(`${file} has no environment "${name}": ${hint}.`);
}

function findBound(scope: Table): Bound {
  return {
    limiters: findLimiters(scope),
    fetchers: fetchersIn(scope),
    namespaces: bindingsOf(scope["kv_namespaces"]),
    buckets: bindingsOf(scope["r2_buckets"]),
  };
}

/** What is counted in each isolate alone, because those who count for all locations aren't bound. */
function findUncounted({ rules, settings, experiments }: Config, objects: readonly string[] | undefined): Problem[] {
  if (!objects) return [];
  const isGlobal = rules.some(({ limit }) => limit?.kind === "rate" && limit.scope === "global");
  const wanted = [
    { at: "RATES", isWanted: isGlobal, says: 'Limits in the scope "global" hold in each isolate by itself' },
    { at: "BANS", isWanted: settings.bans !== undefined, says: "Each isolate bans for itself" },
    {
      at: "ANALYTICS",
      isWanted: experiments.length > 0,
      says: "Each isolate counts experiments for itself, and forgets",
    },
  ];
  return wanted
    .filter(({ at, isWanted }) => isWanted && !objects.includes(at))
    .map(({ at, says }) => ({ at, says: `${says}: no Durable Object is bound by this name.` }));
}

/** The names under `[[ratelimits]]`, and in the older form of `[[unsafe.bindings]]`. */
function findLimiters(scope: Table): string[] {
  const unsafe = isTable(scope["unsafe"]) ? tables(scope["unsafe"]["bindings"]) : [];
  return [...tables(scope["ratelimits"]), ...unsafe.filter(({ type }) => type === "ratelimit")].map(({ name }) =>
    String(name),
  );
}

function findTooLarge(vars: Table): Problem[] {
  return Object.entries(vars)
    .map(([at, value]) => ({ at, bytes: Buffer.byteLength(typeof value === "string" ? value : JSON.stringify(value)) }))
    .filter(({ bytes }) => bytes > variableSize)
    .map(({ at, bytes }) => ({
      at,
      says: `It takes ${(bytes / 1024).toFixed(1)} KB, and the platform allows 5 KB a variable; continue it in another, as RULES_1 continues RULES.`,
    }));
}
