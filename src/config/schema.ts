/** What may be written in the config: every field with its form, its default, and what it is for. */
import * as v from "valibot";
import {
  compileText,
  compileWhen,
  createLanguage,
  type Compiled,
  type Language,
  type Mistake,
} from "../rules/rules.ts";
import {
  bindingName,
  cookieName,
  duration,
  fieldName,
  fieldValue,
  host,
  mediaType,
  member,
  originName,
  originUrl,
  place,
  size,
  token,
  whole,
  words,
} from "./forms.ts";

/** What the rest of a config makes known: the names that may be referred to. Undefined names are not checked. */
export interface Known {
  readonly language: Language;
  readonly origins: readonly string[] | undefined;
  readonly sites: readonly string[] | undefined;
  /** The rate-limit bindings. */
  readonly limiters: readonly string[] | undefined;
}

export type OriginInput = v.InferOutput<typeof originSchema>;
export type SiteInput = v.InferOutput<ReturnType<typeof siteSchema>>;
export type RuleInput = v.InferOutput<ReturnType<typeof ruleSchema>>;
export type EditsInput = v.InferOutput<ReturnType<typeof editsSchema>>;
export type KeyInput = v.InferOutput<typeof keySchema>;
export type PolicyInput = v.InferOutput<typeof policySchema>;

/** A table whose other keys are problems, every one of them; the field names are what is expected instead. */
function table<const E extends v.ObjectEntries>(entries: E): v.StrictObjectSchema<E, undefined> {
  const names = Object.keys(entries).map((name) => JSON.stringify(name));
  const other = { ...v.never(), expects: names.join(" | ") };
  // A strictObject would stop at the first unknown key. What comes out is the same: nothing passes as another key.
  return v.objectWithRest(entries, other) as unknown as v.StrictObjectSchema<E, undefined>;
}

/** With what it is for. That stands before any transformation, or the JSON Schema, which ends there, would not have it. */
function about<const S extends v.GenericSchema>(schema: S, description: string): S {
  const [first, ...others] = "pipe" in schema ? (schema.pipe as [v.GenericSchema, ...v.GenericSchema[]]) : [schema];
  const chain = v.pipe as (...items: readonly unknown[]) => unknown;
  return chain(first, v.description(description), ...others) as S;
}

/** The name of something else in the config. */
function nameOf(what: string, names: readonly string[] | undefined) {
  return v.pipe(
    v.string(),
    v.rawCheck(({ dataset, addIssue }) => {
      if (!dataset.typed || !names || names.includes(dataset.value)) return;
      addIssue({ message: what, expected: names.map((name) => JSON.stringify(name)).join(" | ") });
    }),
  );
}

function oneOrMore<const S extends v.GenericSchema>(item: S) {
  return v.pipe(v.array(item), v.nonEmpty("a list with at least one member"));
}

/** A text that CEL is compiled from. */
function cel<T>(compile: (source: string, language: Language) => Compiled<T>, { language }: Known) {
  return v.pipe(
    v.string(),
    v.rawTransform(({ dataset: { value }, addIssue, NEVER }): T => {
      const compiled = compile(value, language);
      if (compiled.kind === "compiled") return compiled.run;
      addIssue(issueOf(compiled.mistake, value));
      return NEVER;
    }),
  );
}

function issueOf({ what, expected, among, at }: Mistake, source: string) {
  const place = what === source ? `, at character ${at + 1}` : ` (character ${at + 1} of ${JSON.stringify(source)})`;
  return { input: what, message: expected + place, expected: among.map((word) => JSON.stringify(word)).join(" | ") };
}

const keySchema = table({
  query: about(
    v.exactOptional(
      v.union(
        [
          v.picklist(["all", "none"]),
          v.pipe(
            table({ only: v.exactOptional(v.array(v.string())), except: v.exactOptional(v.array(v.string())) }),
            v.check(
              ({ only, except }) => (only === undefined) !== (except === undefined),
              "a table with either only or except",
            ),
          ),
        ],
        '"all", "none", { only = […] } or { except = […] }',
      ),
      "all",
    ),
    'Which parameters of the query tell two requests apart: "all", "none", { only = […] } or { except = […] }.',
  ),
  headers: about(v.exactOptional(v.array(fieldName), []), "Request fields whose values tell two requests apart."),
  cookies: about(v.exactOptional(v.array(cookieName), []), "Cookies whose values tell two requests apart."),
  country: about(v.exactOptional(v.boolean(), false), "Whether the client's country tells two requests apart."),
});

const policySchema = v.union(
  [
    v.literal(false),
    table({
      ttl: about(
        v.exactOptional(duration),
        "How long an answer is fresh, in place of what the origin says. Without it the origin decides.",
      ),
      stale: about(v.exactOptional(duration), "Sets both staleWhileRevalidate and staleIfError."),
      staleWhileRevalidate: about(
        v.exactOptional(duration),
        'How long after that an answer is still served while a new one is fetched, when the origin doesn\'t say (RFC 5861 §3). "0s" unless set.',
      ),
      staleIfError: about(
        v.exactOptional(duration),
        'How long after that an answer is still served when the origin fails, when the origin doesn\'t say (RFC 5861 §4). "0s" unless set.',
      ),
      bypass: about(v.exactOptional(v.boolean()), "Keep the cache out of it. false unless set."),
      maxSize: about(v.exactOptional(size), 'Larger answers are passed on without being stored. "256MB" unless set.'),
      key: about(
        v.exactOptional(keySchema),
        "What besides host and path tells two requests apart. A rule's key replaces the site's whole.",
      ),
    }),
  ],
  "false or a table",
);

export const originSchema = table({
  name: about(originName, "What rules, sites and the log call it. The client sees it only with the setting `trail`."),
  url: about(originUrl, "Where it is: http or https, host, port, and a path that is put before every request's."),
  at: about(
    v.exactOptional(place),
    "Where on Earth it stands: [latitude, longitude] in degrees, or the code of a country. Without it, it is tried after those whose place is known.",
  ),
});

export function siteSchema({ origins }: Pick<Known, "origins">) {
  return table({
    name: about(v.exactOptional(words), "What rules and the log call it. Its first host unless set."),
    hosts: about(
      oneOrMore(host),
      'Its hosts: "www.example.com", "*.example.com" for every name below, "*" for all others.',
    ),
    origins: about(
      v.exactOptional(oneOrMore(nameOf("the name of an origin", origins))),
      "The origins that may serve it, by name. All of them unless set.",
    ),
    balance: about(
      v.exactOptional(v.picklist(["nearest", "first"]), "nearest"),
      '"nearest": the origin nearest to the client, then the next nearest. "first": in the order written.',
    ),
    cache: about(
      v.exactOptional(policySchema),
      "What the cache does unless a rule says otherwise. false keeps it out.",
    ),
  });
}

function editsSchema(known: Known) {
  const fields = v.record(fieldName, cel(compileText, known));
  return table({
    remove: about(v.exactOptional(v.array(fieldName), []), "Fields to take away; done first."),
    set: about(v.exactOptional(fields, {}), "Fields to replace."),
    add: about(v.exactOptional(fields, {}), "Field lines to add to what is there; done last."),
  });
}

/** The members of a rule that make it do something. */
function actions(known: Known) {
  const text = cel(compileText, known);
  return {
    block: about(
      v.exactOptional(
        v.union(
          [
            whole(400, 599),
            table({ status: v.exactOptional(whole(400, 599), 403), body: v.exactOptional(v.string()) }),
          ],
          "a status from 400 to 599, or { status, body }",
        ),
      ),
      "Refuse the request with this status, such as 403, or with { status, body }.",
    ),
    limit: about(
      v.exactOptional(
        table({
          by: about(
            v.pipe(bindingName, nameOf("the name of a rate-limit binding", known.limiters)),
            "The rate-limit binding that counts.",
          ),
          per: about(v.exactOptional(text, "${client.ip}"), "What is counted, each value by itself."),
        }),
      ),
      "Refuse with 429 what goes beyond a rate limit.",
    ),
    redirect: about(
      v.exactOptional(
        v.union(
          [text, table({ to: text, status: v.exactOptional(v.picklist([301, 302, 303, 307, 308]), 302) })],
          "a text, or { to, status }",
        ),
      ),
      "Send the client to another URL, with status 302 or as { to, status }.",
    ),
    respond: about(
      v.exactOptional(
        table({
          status: v.exactOptional(whole(200, 599), 200),
          body: v.exactOptional(text, ""),
          headers: v.exactOptional(v.record(fieldName, fieldValue), {}),
        }),
      ),
      "Answer at once.",
    ),
    rewrite: about(
      v.exactOptional(
        v.pipe(
          table({
            path: about(
              v.exactOptional(v.pipe(v.string(), v.regex(/^(?:\/|\$\{)/, 'a path that begins with "/"'), text)),
              "The path to ask the origin for.",
            ),
            query: about(v.exactOptional(text), 'The query to ask the origin for, without "?".'),
          }),
          v.check(({ path, query }) => path !== undefined || query !== undefined, "a table with path or query"),
        ),
      ),
      "Ask the origin for another path or query than the client asked for.",
    ),
    origins: about(
      v.exactOptional(oneOrMore(nameOf("the name of an origin", known.origins))),
      "Use only these origins.",
    ),
    cache: about(v.exactOptional(policySchema), "What the cache does, over what the site says. false keeps it out."),
    headers: about(
      v.exactOptional(
        table({ request: v.exactOptional(editsSchema(known)), response: v.exactOptional(editsSchema(known)) }),
      ),
      "Edit the request's fields on their way to the origin, and the response's on their way to the client.",
    ),
    security: about(v.exactOptional(v.literal(true)), "Add the usual security headers to the response."),
    compress: about(v.exactOptional(v.boolean()), "Whether the response may be compressed, in place of the setting."),
  };
}

export function ruleSchema(known: Known) {
  const does = actions(known);
  const names = Object.keys(does) as (keyof typeof does)[];
  return v.pipe(
    table({
      name: about(v.exactOptional(words), 'What the log calls it. Its place, such as "RULES.2", unless set.'),
      when: about(
        v.exactOptional(cel(compileWhen, known)),
        'A condition in CEL over request.* and client.*, inList() and inNet(). Always unless set. One that fails on a request, such as on a header that is not there, does not apply: ask `"x-name" in request.headers` first.',
      ),
      sites: about(
        v.exactOptional(oneOrMore(nameOf("the name of a site", known.sites))),
        "The sites it is for, by name. All unless set.",
      ),
      ...does,
    }),
    v.check(
      (rule) => names.some((name) => rule[name] !== undefined),
      `a rule that does something (${names.join(", ")})`,
    ),
  );
}

/** Types that get smaller by compression. What is compressed already (images, video, woff2, archives) is left out. */
const compressible = [
  "text/*",
  "application/json",
  "application/ld+json",
  "application/geo+json",
  "application/manifest+json",
  "application/problem+json",
  "application/vnd.api+json",
  "application/x-ndjson",
  "application/javascript",
  "application/x-javascript",
  "application/xml",
  "application/xhtml+xml",
  "application/rss+xml",
  "application/atom+xml",
  "application/graphql",
  "application/graphql-response+json",
  "application/wasm",
  "application/x-protobuf",
  "application/vnd.ms-fontobject",
  "application/x-font-ttf",
  "font/ttf",
  "font/otf",
  "font/eot",
  "image/svg+xml",
  "image/x-icon",
  "image/vnd.microsoft.icon",
  "image/bmp",
];

export const settingsSchema = table({
  name: about(v.exactOptional(token, "perigee"), "What the edge calls itself in Via, CDN-Loop and Cache-Status."),
  trail: about(v.exactOptional(v.boolean(), false), "Show the client what every room decided, and the origin's name."),
  localVisitors: about(
    v.exactOptional(v.boolean(), false),
    "Believe the headers cf-ipcountry and the like, which on the platform anybody could forge. For local runs only.",
  ),
  log: about(
    v.exactOptional(v.picklist(["all", "errors", "none"]), "all"),
    "Which visits get a line in the access log.",
  ),
  limits: about(
    v.exactOptional(
      table({
        url: about(v.exactOptional(size, "16KB"), "The longest URL; longer ones get 414."),
        fields: about(v.exactOptional(whole(1, 10_000), 128), "The most header fields; more get 431."),
        fieldBytes: about(v.exactOptional(size, "64KB"), "The most bytes of header fields; more get 431."),
      }),
      {},
    ),
    "How large a request may be.",
  ),
  timeout: about(
    v.exactOptional(v.pipe(duration, v.minValue(1, "a duration above zero")), "30s"),
    "How long each try waits for an origin's response header.",
  ),
  tries: about(v.exactOptional(whole(1, 10), 3), "How many origins are tried for a request that may be repeated."),
  compress: about(
    v.exactOptional(
      table({
        enabled: about(v.exactOptional(v.boolean(), true), "Compress for clients that accept it."),
        minimum: about(v.exactOptional(size, "1KB"), "Smaller bodies are left alone."),
        types: about(
          v.exactOptional(v.array(mediaType), compressible),
          'Media types; "text/*" stands for all that begin so.',
        ),
      }),
      {},
    ),
    "Compression.",
  ),
});

/** For tools: what each binding holds, with names of other parts unchecked. */
export function bindingSchemas() {
  const known: Known = {
    language: createLanguage(new Map()),
    origins: undefined,
    sites: undefined,
    limiters: undefined,
  };
  return {
    ORIGINS: about(oneOrMore(originSchema), "Your servers."),
    SITES: about(oneOrMore(siteSchema(known)), "Hosts served under one set of rules."),
    RULES: about(v.array(ruleSchema(known)), "When a condition holds, what then happens; asked in this order."),
    LISTS: about(
      v.record(v.string(), v.array(member)),
      "Named sets of addresses, prefixes, AS numbers and texts such as country codes, for inList().",
    ),
    SETTINGS: about(settingsSchema, "What is the same for all sites."),
  };
}
