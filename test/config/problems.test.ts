import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { loadConfig } from "../../src/config/config.ts";
import { bindingsWith, linesOf, origins, problemsOf } from "./load.ts";

/** A word that browsers have in their User-Agents can be no bot's. */
function refusedToken(token: string): [object, string] {
  return [
    { BOTS: { monitor: [token] } },
    `BOTS.monitor[0]: ${JSON.stringify(token)} is not a product token of bots alone`,
  ];
}

describe("one problem, with place, value, expectation, and the nearest right word", () => {
  test.each<[object, string]>([
    // answers at once
    [
      {
        RULES: [{ respond: { body: "<script>'${request.path}'</script>", headers: { "content-type": "text/html" } } }],
      },
      "RULES[0].respond.body: ",
    ],
    [{ RULES: [{ respond: { body: "${request.pth}" } }] }, "RULES[0].respond.body: "],
    [{ RULES: [{ respond: { headers: { "x-a": "${request.pth}" } } }] }, "RULES[0].respond.headers.x-a: "],
    // origins
    [{ ORIGINS: undefined }, "ORIGINS: It is missing: at least one origin is needed."],
    [{ ORIGINS: [] }, "ORIGINS: It is missing: at least one origin is needed."],
    [{ ORIGINS: {} }, "ORIGINS: An empty table is not a list."],
    [{ ORIGINS: "[1," }, "ORIGINS: The text is not JSON:"],
    [{ ORIGINS: [{ name: "a" }] }, "ORIGINS[0].url: It is missing."],
    [
      { ORIGINS: [{ name: "a", url: "ftp://a" }] },
      'ORIGINS[0].url: "ftp://a" is not a URL such as "https://origin.example.com".',
    ],
    [
      { ORIGINS: [{ name: "a", url: "https://user:pass@a" }] },
      'ORIGINS[0].url: "https://…@a" is not a URL without credentials.',
    ],
    [
      { ORIGINS: [{ name: "a", url: "https://a/?b" }] },
      'ORIGINS[0].url: "https://a/?b" is not a URL without a query or fragment.',
    ],
    [{ ORIGINS: [{ name: "a b", url: "https://a" }] }, 'ORIGINS[0].name: "a b" is not a name of letters'],
    [
      { ORIGINS: [{ name: "a", url: "https://a", at: "XX" }] },
      'ORIGINS[0].at: "XX" is not [latitude, longitude] in degrees, or the code of a country',
    ],
    [
      { ORIGINS: [{ name: "a", url: "https://a", at: [91, 0] }] },
      "ORIGINS[0].at[0]: 91 is not a latitude in degrees, from -90 to 90.",
    ],
    [{ ORIGINS: [{ name: "a", url: "https://a", at: [1] }] }, "ORIGINS[0].at[1]: It is missing."],
    [
      { ORIGINS: [{ name: "a", url: "https://a", at: true }] },
      "ORIGINS[0].at: true is not [latitude, longitude] in degrees",
    ],
    [{ ORIGINS: [origins[0], origins[0]] }, 'ORIGINS[1].name: "frankfurt" is taken already, by ORIGINS[0].name.'],
    [
      { ORIGINS: [origins[0]], ORIGINS_1: [origins[0]] },
      'ORIGINS_1[0].name: "frankfurt" is taken already, by ORIGINS[0].name.',
    ],
    // images
    [{ RULES: [{ image: { width: 0 } }] }, "RULES[0].image.width: 0 is not a whole number from 1 to 12000."],
    [{ RULES: [{ image: { quality: 101 } }] }, "RULES[0].image.quality: 101 is not a whole number from 1 to 100."],
    [{ RULES: [{ image: { format: "png" } }] }, 'RULES[0].image.format: "png" is not one of "auto", "avif", "webp",'],
    // statuses
    [{ RULES: [{ status: 410 }] }, "RULES[0].status: 410 is not"],
    [{ RULES: [{ status: { "206": 200 } }] }, 'RULES[0].status["206"]: "206" is not a status such as'],
    [{ RULES: [{ status: { "404": 204 } }] }, 'RULES[0].status["404"]: 204 is not a status from 200 to 599'],
    [{ RULES: [{ status: { "404": 302 } }] }, 'RULES[0].status["404"]: 302 is not possible here: only of a redirect'],
    [{ RULES: [{ status: { "302": 200 } }] }, 'RULES[0].status["302"]: 200 is not possible here: a redirect has no'],
    // fields
    [
      { RULES: [{ headers: { request: { set: { a: "${response.status}" } } } }] },
      'RULES[0].headers.request.set.a: "response" is not',
    ],
    [
      { RULES: [{ headers: { response: { set: { a: "${response.statu}" } } } }] },
      'RULES[0].headers.response.set.a: "statu" is not a field of response',
    ],
    [{ RULES: [{ headers: { response: { rename: { "set-cookie": "a" } } } }] }, "RULES[0].headers.response.rename"],
    ...["content-type", "content-length", "transfer-encoding", "content-encoding", "content-range"].flatMap((name) =>
      [{ [name]: "x-was" }, { "x-was": name }].map((rename): [object, string] => [
        { RULES: [{ headers: { response: { rename } } }] },
        `${JSON.stringify(name)} is not a field that `,
      ]),
    ),
    [
      { RULES: [{ headers: { request: { rename: { a: "Host" } } } }] },
      'RULES[0].headers.request.rename.a: "Host" is not',
    ],
    // cookies
    [{ RULES: [{ cookies: {} }] }, "RULES[0].cookies: An empty table is not a table with request or response."],
    [
      { RULES: [{ cookies: { response: { secur: true } } }] },
      "RULES[0].cookies.response.secur: There is no such field",
    ],
    [
      { RULES: [{ cookies: { request: { keep: ["a b"] } } }] },
      'RULES[0].cookies.request.keep[0]: "a b" is not the name',
    ],
    [
      { RULES: [{ cookies: { response: { domain: "a;b" } } }] },
      'RULES[0].cookies.response.domain: "a;b" is not a domain',
    ],
    [
      { RULES: [{ cookies: { response: { sameSite: "None", secure: false } } }] },
      'RULES[0].cookies.response.secure: false is not possible with sameSite = "None", which needs Secure.',
    ],
    [
      { RULES: [{ cookies: { response: { names: ["a"], prefix: "__Host-", domain: "example.com" } } }] },
      'RULES[0].cookies.response.domain: "example.com" is not possible with the prefix __Host-, which allows no Domain.',
    ],
    [
      { RULES: [{ cookies: { response: [{ names: ["a"], prefix: "__Host-", path: "/a" }] } }] },
      'RULES[0].cookies.response[0].path: "/a" is not possible with the prefix __Host-, which needs path = "/".',
    ],
    [
      { RULES: [{ cookies: { response: { names: ["a"], prefix: "__Secure-", secure: false } } }] },
      "RULES[0].cookies.response.secure: false is not possible with the prefix __Secure-",
    ],
    [
      { RULES: [{ cookies: { response: { prefix: "__Secure-" } } }] },
      'RULES[0].cookies.response.prefix: "__Secure-" is not possible without names',
    ],
    [
      { RULES: [{ cookies: { response: { names: ["__Host-a"], prefix: "__Secure-" } } }] },
      "RULES[0].cookies.response.names: A list of 1 is not a list of names that a prefix can be put before",
    ],
    // CORS
    [{ RULES: [{ cors: {} }] }, "RULES[0].cors.origins: It is missing."],
    [
      { RULES: [{ cors: { origins: "https://a.example" } }] },
      'RULES[0].cors.origins: "https://a.example" is not "*", or a list',
    ],
    [
      { RULES: [{ cors: { origins: ["https://a.example/"] } }] },
      'RULES[0].cors.origins[0]: "https://a.example/" is not an origin',
    ],
    [
      { RULES: [{ cors: { origins: ["https://a.*.example"] } }] },
      'RULES[0].cors.origins[0]: "https://a.*.example" is not',
    ],
    [{ RULES: [{ cors: { origins: ["*"] } }] }, 'RULES[0].cors.origins[0]: "*" is not an origin'],
    [
      { RULES: [{ cors: { origins: ["https://a.example:443"] } }] },
      'RULES[0].cors.origins[0]: "https://a.example:443" is not',
    ],
    [
      { RULES: [{ cors: { origins: "*", credentials: true } }] },
      'RULES[0].cors.origins: "*" is not possible with credentials: name the origins that may have them.',
    ],
    [
      { RULES: [{ cors: { origins: ["https://a.example"], credentials: true, expose: "*" } }] },
      'RULES[0].cors.expose: "*" is not possible with credentials',
    ],
    // rewrites
    [{ RULES: [{ rewrite: { match: "/a/:x" } }] }, "RULES[0].rewrite: The table { match } is not a table with"],
    [{ RULES: [{ rewrite: { to: "/a" } }] }, "RULES[0].rewrite: The table { to } is not a table in which to stands"],
    [{ RULES: [{ rewrite: { match: "/:a", path: "/b" } }] }, "RULES[0].rewrite: The table { match, path } is not"],
    [{ RULES: [{ rewrite: { match: "/*/*", to: "/b" } }] }, 'RULES[0].rewrite.match: "/*/*" is not a pattern such as'],
    [
      { RULES: [{ rewrite: { match: "/:id", to: "/b/:idd" } }] },
      'RULES[0].rewrite.to: "/b/:idd" is not a text that is',
    ],
    [{ RULES: [{ rewrite: { match: "/:id", to: "/b/${requst.path}" } }] }, 'RULES[0].rewrite.to: "requst"'],
    [
      { RULES: [{ rewrite: { match: "/:id", query: { set: { a: ":b" } } } }] },
      'RULES[0].rewrite.query.set.a: ":b" is not',
    ],
    [
      { RULES: [{ rewrite: { query: {} } }] },
      "RULES[0].rewrite.query: An empty table is not a table with keep, remove,",
    ],
    [{ RULES: [{ rewrite: { query: { sort: 1 } } }] }, "RULES[0].rewrite.query.sort: 1 is not true or false."],
    // redirects
    [{ REDIRECTS: {} }, "REDIRECTS: An empty table is not a list."],
    [{ REDIRECTS: ["/a"] }, 'REDIRECTS[0]: "/a" is not a redirect such as "/old /new"'],
    [{ REDIRECTS: ["/a b"] }, 'REDIRECTS[0]: "b" is not where a redirect can lead: it is neither a path'],
    [{ REDIRECTS: ["/a /b 200"] }, 'REDIRECTS[0]: "200" is not a status of redirects'],
    [{ REDIRECTS: ["/a/:x /b/:y"] }, 'REDIRECTS[0]: "/b/:y" is not where a redirect can lead: ":y" is nothing that'],
    [
      { REDIRECTS: [{ from: "/a", to: "/b", qury: false }] },
      'REDIRECTS[0].qury: There is no such field; did you mean "query"?',
    ],
    [{ REDIRECTS: [{ from: "/a", to: "/b", status: 200 }] }, "REDIRECTS[0].status: 200 is not one of 301, 302"],
    [{ REDIRECTS: [{ kv: "STORE" }] }, "REDIRECTS[0].key: It is missing."],
    [{ REDIRECTS: [{ kv: "STORE", r2: "FILES", key: "a" }] }, "REDIRECTS[0]: The table { kv, r2, key } is not"],
    [{ REDIRECTS: ["/a /b"], REDIRECTS_1: ["/a /c"] }, 'REDIRECTS_1[0]: "/a" is redirected already, by REDIRECTS[0].'],
    [{ REDIRECTS: ["/a/:x /b", "/a/:y /c"] }, 'REDIRECTS[1]: "/a/:y" is redirected already, by REDIRECTS[0].'],
    [{ REDIRECTS: ["/a /b", "/b /a"] }, 'REDIRECTS[0]: It leads round in a circle: "/a" → "/b" → "/a".'],
    [{ REDIRECTS: ["/a /a"] }, 'REDIRECTS[0]: It leads to itself: "/a" → "/a".'],
    [
      { REDIRECTS: ["/a/* /b/:splat", "/b/* https://www.example.com/a/:splat"] },
      'REDIRECTS[0]: It leads round in a circle: "/a/" → "/b/" → "www.example.com/a/"',
    ],
    // settings
    [
      { SETTINGS: { verify: { resolver: "1.1.1.1" } } },
      'SETTINGS.verify.resolver: "1.1.1.1" is not a URL such as "https://dns.example.com/dns-query".',
    ],
    [
      { SETTINGS: { verify: { bots: { a: { ranges: ["a.json"] } } } } },
      'SETTINGS.verify.bots.a.ranges[0]: "a.json" is not a URL such as "https://www.example.com/bot.json".',
    ],
    [
      { RULES: [{ when: 'request.path == "/a%2fb"', block: 403 }] },
      'RULES[0].when: "/a%2fb" is not a value of request.path, which is a path in its normal form: it begins with "/", has no query, and escapes what it must and nothing else, in upper case: write "/a%2Fb" (character 17 of "request.path == \\"/a%2fb\\"").',
    ],
    // sites
    [{ SITES: [{ hosts: [] }] }, "SITES[0].hosts: An empty list is not a list with at least one member."],
    [{ SITES: [{ hosts: ["https://a.example"] }] }, 'SITES[0].hosts[0]: "https://a.example" is not a host such as'],
    [{ SITES: [{ hosts: ["*"], methods: ["get"] }] }, 'SITES[0].methods[0]: "get" is not a method in upper case'],
    [
      { SITES: [{ hosts: ["*"], methods: ["GET", "TRACE"] }] },
      'SITES[0].methods[1]: "TRACE" is not a method that may be allowed: TRACE, TRACK and CONNECT never are.',
    ],
    [
      { SITES: [{ hosts: ["*"], paths: "strikt" }] },
      'SITES[0].paths: "strikt" is not one of "usual", "strict"; did you mean "strict"?',
    ],
    [{ SITES: [{ hosts: ["a.example:80"] }] }, 'SITES[0].hosts[0]: "a.example:80" is not a host such as'],
    [{ SITES: [{ hosts: ["a.*.example"] }] }, 'SITES[0].hosts[0]: "a.*.example" is not a host such as'],
    [
      { SITES: [{ hosts: ["a.example", "A.example"] }] },
      'SITES[0].hosts[1]: "a.example" is taken already, by SITES[0].hosts[0].',
    ],
    [
      { SITES: [{ hosts: ["*"], origins: ["frankfrut"] }] },
      'SITES[0].origins[0]: "frankfrut" is not the name of an origin; did you mean "frankfurt"?',
    ],
    [
      { SITES: [{ hosts: ["*"], retry: { budget: 0.1 } }] },
      'SITES[0].retry.budget: 0.1 is not a share such as "10%" or "0.5%".',
    ],
    [
      { SITES: [{ hosts: ["*"], retry: { budget: "110%" } }] },
      'SITES[0].retry.budget: "110%" is not a share such as "10%" or "0.5%".',
    ],
    [{ SITES: [{ hosts: ["*"], retry: { body: "5MB" } }] }, 'SITES[0].retry.body: "5MB" is not at most "1MB".'],
    [
      { SITES: [{ hosts: ["*"], timeouts: { idel: "5s" } }] },
      'SITES[0].timeouts.idel: There is no such field; did you mean "idle"?',
    ],
    [
      { SITES: [{ hosts: ["*"], timeouts: { whole: "0s" } }] },
      'SITES[0].timeouts.whole: "0s" is not a duration above zero.',
    ],
    [
      { SITES: [{ hosts: ["*"], balance: "neerest" }] },
      'SITES[0].balance: "neerest" is not "nearest", "fastest", "round-robin", "weighted", "least-connections", "least-traffic", "two-choices", "hash", "first", or { by = "hash", key = "…" }; did you mean "nearest"?',
    ],
    [
      { SITES: [{ hosts: ["*"], origins: ["frankfurt", "virginia", "frankfurt"] }] },
      'SITES[0].origins[2]: "frankfurt" is not new to the list: its [0] is the same.',
    ],
    [
      { SITES: [{ hosts: ["*"], regions: ["EU", "EU"] }] },
      'SITES[0].regions[1]: "EU" is not new to the list: its [0] is the same.',
    ],
    [
      { SITES: [{ hosts: ["*"], overload: ["refuse", "stale"] }] },
      'SITES[0].overload: A list of 2 is not ["stale", "refuse"] or ["refuse"], which are taken in that order.',
    ],
    [{ SITES: [{ hosts: ["*"], overload: ["stale"] }] }, "SITES[0].overload: A list of 1 is not"],
    [{ SITES: [{ hosts: ["*"], overload: [] }] }, "SITES[0].overload: An empty list is not"],
    [
      { SITES: [{ hosts: ["*"], overload: "stale" }] },
      'SITES[0].overload: "stale" is not ["stale", "refuse"] or ["refuse"].',
    ],
    [
      { SITES: [{ hosts: ["*"], overload: ["stael", "refuse"] }] },
      'SITES[0].overload[0]: "stael" is not one of "stale", "refuse"; did you mean "stale"?',
    ],
    [
      { SITES: [{ hosts: ["*"], hedge: "300ms" }] },
      'SITES[0].hedge: "300ms" is not true, false or a table { after, budget }.',
    ],
    [
      { SITES: [{ hosts: ["*"], hedge: { after: "p99" } }] },
      'SITES[0].hedge.after: "p99" is not a duration such as "300ms", or "p95".',
    ],
    [
      { SITES: [{ hosts: ["*"], hedge: { after: 300 } }] },
      'SITES[0].hedge.after: 300 is not a duration such as "300ms", or "p95".',
    ],
    [{ SITES: [{ hosts: ["*"], hedge: { after: "0s" } }] }, 'SITES[0].hedge.after: "0s" is not a duration above zero.'],
    [
      { SITES: [{ hosts: ["*"], brownout: false }] },
      "SITES[0].brownout: false is not a table { stale, shed, refuse }.",
    ],
    [
      { SETTINGS: { eject: true } },
      "SETTINGS.eject: true is not false or a table { failures, rate, window, base, most, share, … }.",
    ],
    [
      { ORIGINS: [{ name: "a", url: "https://a", health: "/healthz" }] },
      'ORIGINS[0].health: "/healthz" is not a table { path, interval, timeout, statuses, body, rise, … }.',
    ],
    [{ ORIGINS: [{ name: "a", url: "https://a", at: [1, 2, 3] }] }, "ORIGINS[0].at[2]: 3 is one too many."],
    [{ RULES: [{ mirror: ["virginia"] }] }, "RULES[0].mirror: A list of 1 is not a table { to, share, timeout }."],
    // rules
    [
      { RULES: [{ origins: ["virginia", "virginia"] }] },
      'RULES[0].origins[1]: "virginia" is not new to the list: its [0] is the same.',
    ],
    [
      { RULES: [{ split: [{ weight: 1 }, { origins: ["virginia", "virginia"], weight: 1 }] }] },
      'RULES[0].split[1].origins[1]: "virginia" is not new to the list: its [0] is the same.',
    ],
    [
      { RULES: [{ mirror: { to: ["frankfurt", "frankfurt"] } }] },
      'RULES[0].mirror.to[1]: "frankfurt" is not new to the list: its [0] is the same.',
    ],
    [{ RULES: [{ block: 403, wehn: "true" }] }, 'RULES[0].wehn: There is no such field; did you mean "when"?'],
    [{ RULES: [{ when: "true" }] }, "RULES[0]: The table { when } is not a rule that does something"],
    [{ RULES: [{ block: 200 }] }, "RULES[0].block: 200 is not a whole number from 400 to 599."],
    [{ RULES: [{ block: "403" }] }, 'RULES[0].block: "403" is not a status from 400 to 599, or { status, body }.'],
    [{ RULES: [{ block: { statsu: 403 } }] }, 'RULES[0].block.statsu: There is no such field; did you mean "status"?'],
    [
      { RULES: [{ sites: ["ww.example.com"], block: 403 }] },
      'RULES[0].sites[0]: "ww.example.com" is not the name of a site; did you mean "www.example.com"?',
    ],
    [
      { RULES: [{ origins: [], block: 403 }] },
      "RULES[0].origins: An empty list is not a list with at least one member.",
    ],
    [
      { RULES: [{ cache: { ttl: "5 min" } }] },
      'RULES[0].cache.ttl: "5 min" is not a duration such as "250ms", "30s", "5m", "1h", "1d" or "1w"; did you mean "5m"?',
    ],
    [
      { RULES: [{ cache: { ttl: 300 } }] },
      'RULES[0].cache.ttl: 300 is not a duration such as "250ms", "30s", "5m", "1h", "1d" or "1w"; did you mean "300s"?',
    ],
    [
      { RULES: [{ cache: { ttl: { "206": "1h" } } }] },
      'RULES[0].cache.ttl["206"]: "206" is not a status such as "404", a class such as "5xx", or "default"; a part counts as its 200, and a 304 as what it confirms.',
    ],
    [{ RULES: [{ cache: { early: -1 } }] }, "RULES[0].cache.early: -1 is not true, false, or a number from 0 to 10."],
    [
      { SETTINGS: { targets: ["Cache-Control"] } },
      'SETTINGS.targets[0]: "Cache-Control" is not the name of a targeted field, such as "Perigee-CDN-Cache-Control".',
    ],
    [
      { RULES: [{ cache: { maxSize: "10mb" } }] },
      'RULES[0].cache.maxSize: "10mb" is not a size such as "512B", "64KB", "10MB" or "1GB"; did you mean "10MB"?',
    ],
    [
      { RULES: [{ cache: { stale_if_error: "1h" } }] },
      'RULES[0].cache.stale_if_error: There is no such field; did you mean "staleIfError"?',
    ],
    [{ RULES: [{ cache: true }] }, "RULES[0].cache: true is not false or a table { ttl, stale, maxStale, … }."],
    [{ RULES: [{ cache: { key: { query: "al" } } }] }, 'RULES[0].cache.key.query: "al" is not'],
    [
      { RULES: [{ cache: { key: { query: {} } } }] },
      "RULES[0].cache.key.query: An empty table is not a table with either only or except.",
    ],
    [{ RULES: [{ redirect: { to: "/b", status: 304 } }] }, "RULES[0].redirect.status: 304 is not"],
    [
      { RULES: [{ redirect: "/${request.pth}" }] },
      'RULES[0].redirect: "pth" is not a field of request (character 12 of "/${request.pth}"); did you mean "path"?',
    ],
    [{ RULES: [{ rewrite: { path: "a" } }] }, 'RULES[0].rewrite.path: "a" is not a path that begins with "/".'],
    [
      { RULES: [{ rewrite: {} }] },
      "RULES[0].rewrite: An empty table is not a table with match and to, path, or query.",
    ],
    [
      { RULES: [{ headers: { response: { set: { "Content-Length": "1" } } } }] },
      'RULES[0].headers.response.set.Content-Length: "Content-Length" is not a field that rules may edit',
    ],
    [
      { RULES: [{ headers: { response: { remove: ["x y"] } } }] },
      'RULES[0].headers.response.remove[0]: "x y" is not the name of a header field.',
    ],
    [
      { RULES: [{ respond: { headers: { "x-a": "a\nb" } } }] },
      'RULES[0].respond.headers.x-a: "a\\nb" is not a text without line breaks.',
    ],
    [
      { RULES: [{ headers: { response: { set: { "x-a": "a\nb" } } } }] },
      'RULES[0].headers.response.set.x-a: "a\\nb" is not a text without line breaks.',
    ],
    [{ RULES: [{ security: 1 }] }, "RULES[0].security: 1 is not true, false, or a table { hsts, csp, … }."],
    [{ RULES: [{ security: { hst: true } }] }, 'RULES[0].security.hst: There is no such field; did you mean "hsts"?'],
    [{ RULES: [{ security: { hsts: "1 year" } }] }, 'RULES[0].security.hsts: "1 year" is not a text such as "max-age='],
    [
      { RULES: [{ security: { hsts: "max-age=300; preload" } }] },
      'RULES[0].security.hsts: "max-age=300; preload" is not possible: preload needs includeSubDomains',
    ],
    [{ RULES: [{ security: { referrer: "orign" } }] }, 'RULES[0].security.referrer: "orign" is not'],
    [{ RULES: [{ security: { csp: "" } }] }, 'RULES[0].security.csp: "" is not a policy such as'],
    [{ RULES: [{ security: { csp: { enforce: true } } }] }, "RULES[0].security.csp.policy: It is missing."],
    [
      { RULES: [{ block: 403, when: "request.path" }] },
      'RULES[0].when: "request.path" is not an expression that gives bool (it gives string), at character 1.',
    ],
    [
      { RULES: [{ block: 403, when: 'inList(client.ip, "ofices")' }], LISTS: { offices: [] } },
      'RULES[0].when: "ofices" is not the name of a list in LISTS (character 19 of "inList(client.ip, \\"ofices\\")"); did you mean "offices"?',
    ],
    [{ RULES: [1] }, "RULES[0]: 1 is not a table { name, when, sites, monitor, block, limit, … }."],
    [{ RULES_1: [{ block: 200 }] }, "RULES_1[0].block: 200 is not"],
    // lists
    [{ LISTS: { offices: ["10.0.0.1/8"] } }, 'LISTS.offices[0]: "10.0.0.1/8" is not an address or a prefix'],
    [
      { LISTS: { "our offices": "10.0.0.0/8" } },
      'LISTS["our offices"]: "10.0.0.0/8" is not a list of members, or where they are',
    ],
    [{ LISTS: [] }, "LISTS: An empty list is not a table."],
    [{ LISTS: { a: { key: "a" } } }, "LISTS.a: The table { key } is not a table with either kv or r2."],
    [{ LISTS: { a: { kv: "A", r2: "A", key: "a" } } }, "LISTS.a: The table { kv, r2, key } is not a table with either"],
    [{ LISTS: { a: { kv: "A" } } }, "LISTS.a.key: It is missing."],
    [{ LISTS: { a: { kv: "A", kee: "a", key: "a" } } }, 'LISTS.a.kee: There is no such field; did you mean "key"?'],
    [
      { LISTS: { a: { kv: "A", key: "a", refresh: "1s" } } },
      'LISTS.a.refresh: "1s" is not a duration of at least 30s.',
    ],
    [{ LISTS: { a: { kv: "A", key: "a", wait: "1m" } } }, 'LISTS.a.wait: "1m" is not a duration of at most 5s.'],
    [
      { LISTS: { a: { kv: "A", key: "a" } }, LISTS_1: { a: ["192.0.2.1"] } },
      "LISTS_1.a: The list is written in two places, of which one says that it is in a store",
    ],
    // settings
    [{ SETTINGS: { tries: 0 } }, "SETTINGS.tries: 0 is not a whole number from 1 to 10."],
    [{ SETTINGS: { timeout: "0s" } }, "SETTINGS.timeout:"],
    [{ SETTINGS: { name: "my edge" } }, 'SETTINGS.name: "my edge" is not a name of letters'],
    [
      { SETTINGS: { log: "error" } },
      'SETTINGS.log: "error" is not one of "all", "errors", "none"; did you mean "errors"?',
    ],
    [{ SETTINGS: { limits: { urls: "1KB" } } }, 'SETTINGS.limits.urls: There is no such field; did you mean "url"?'],
    [{ SETTINGS_1: { compress: { types: ["html"] } } }, 'SETTINGS_1.compress.types[0]: "html" is not a media type'],
    [
      { SETTINGS: { compress: { levels: { br: 12 } } } },
      "SETTINGS.compress.levels.br: 12 is not a whole number from 0 to 11",
    ],
    [{ SETTINGS: { compress: { budget: "31s" } } }, 'SETTINGS.compress.budget: "31s" is not at most "30s"'],
    [
      { RULES: [{ compress: "yes" }] },
      'RULES[0].compress: "yes" is not true, false, or a table { codings, levels, store }',
    ],
    [{ RULES: [{ compress: { codings: ["br", "br"] } }] }, "RULES[0].compress.codings[1]: "],
    [
      { RULES: [{ compress: { level: 3 } }] },
      'RULES[0].compress.level: There is no such field; did you mean "levels"?',
    ],
    [{ SETTINGS: { tries: 1 }, SETTINGS_1: { tries: 2 } }, 'SETTINGS_1.tries: The setting "tries" is set twice.'],
    // bots
    [
      { SITES: [{ hosts: ["*"], bots: { log: 70, block: 60 } }] },
      "SITES[0].bots: The table { log, block } is not a table whose scores rise from log to challenge to block.",
    ],
    [
      { SITES: [{ hosts: ["*"], bots: { challenge: 70, block: 60 } }] },
      "SITES[0].bots: The table { challenge, block } is not a table whose scores rise from log to challenge to block.",
    ],
    [
      { SITES: [{ hosts: ["*"], bots: { block: 101 } }] },
      "SITES[0].bots.block: 101 is not a whole number from 1 to 100.",
    ],
    [
      { SITES: [{ hosts: ["*"], ai: { training: "blok" } }] },
      'SITES[0].ai.training: "blok" is not "allow", "verified", "block", "402" or { price = "USD 0.01" }; did you mean "block"?',
    ],
    [
      { SITES: [{ hosts: ["*"], ai: { training: { price: "1 cent" } } }] },
      'SITES[0].ai.training.price: "1 cent" is not a price such as "USD 0.01".',
    ],
    ...["USD 0", "USD 0.000", "EUR 00"].map((price): [object, string] => [
      { SITES: [{ hosts: ["*"], ai: { training: { price } } }] },
      `SITES[0].ai.training.price: "${price}" is not a price above 0; who is served for nothing has "allow".`,
    ]),
    [
      {
        SITES: [{ hosts: ["*"], ai: { search: "allow", agents: "verified" } }],
        SETTINGS: { verify: { signatures: false } },
      },
      "SITES[0].ai.agents: It asks for proof, and nothing can prove anything here",
    ],
    [
      { SITES: [{ hosts: ["*"], ai: { trainng: "block" } }] },
      'SITES[0].ai.trainng: There is no such field; did you mean "training"?',
    ],
    [{ RULES: [{ score: 0 }] }, "RULES[0].score: 0 is not a whole number from 1 to 100."],
    [{ BOTS: { trainer: ["NewBot"] } }, 'BOTS.trainer: "trainer" is not one of "search", "ai-search"'],
    [{ BOTS_1: { tool: ["(bot)"] } }, 'BOTS_1.tool[0]: "(bot)" is not a product token such as "GPTBot"'],
    ...["Mozilla", "^mozilla/5.0", "AppleWebKit", "Chrome", "Safari/605.1.15", "Firefox", "Gecko", "KHTML"].map(
      refusedToken,
    ),
    ...["Windows", "Linux", "android", "iPhone", "Mac OS X", "Version", "MSIE", "Edg", "OPR", "compatible"].map(
      refusedToken,
    ),
    [{ BOTS: ["x"] }, "BOTS: A list of 1 is not a table."],
    // bindings
    [{ RULE: [{ block: 403 }] }, 'RULE: There is no such binding; did you mean "RULES"?'],
    [{ Settings: { tries: 1 } }, 'Settings: There is no such binding; did you mean "SETTINGS"?'],
    [{ RULE_1: [{ block: 403 }] }, 'RULE_1: There is no such binding; did you mean "RULES"?'],
    [{ RULES_0: [{ block: 403 }] }, 'RULES_0: There is no such binding; did you mean "RULES"?'],
  ])("%j", (others, expected) => {
    const lines = linesOf(others as Record<string, unknown>);
    expect(lines).toHaveLength(1);
    expect(lines[0]).toContain(expected);
  });
});

test("all problems are found in one run", () => {
  const lines = linesOf({
    ORIGINS: [{ name: "frankfurt", url: "nonsense", att: "DE" }],
    SITES: [{ hosts: ["a b"], origins: ["frankfurt", "berlin"] }],
    RULES: [
      { wehn: "true", catch: {}, block: 1 },
      { when: "request.pth == 1", cache: { ttl: "x", stale: "y" } },
    ],
    SETTINGS: { tries: 99, trial: true },
    LISTS: { a: [""] },
  });
  expect(lines.map((line) => line.split(": ")[0])).toEqual([
    "LISTS.a[0]",
    "SETTINGS.tries",
    "SETTINGS.trial",
    "ORIGINS[0].url",
    "ORIGINS[0].att",
    "SITES[0].hosts[0]",
    "SITES[0].origins[1]",
    "RULES[0].block",
    "RULES[0].wehn",
    "RULES[0].catch",
    "RULES[1].when",
    "RULES[1].cache.ttl",
    "RULES[1].cache.stale",
  ]);
});

test("a rule names a rate-limit binding that exists, when it is known which do", () => {
  const rules = { RULES: [{ limit: { by: "LOGIN_LIMTI" } }] };
  expect(problemsOf(rules)).toEqual([]);
  expect(problemsOf(rules, { limiters: ["LOGIN_LIMIT"] })).toEqual([
    {
      at: "RULES[0].limit.by",
      says: '"LOGIN_LIMTI" is not the name of a rate-limit binding; did you mean "LOGIN_LIMIT"?',
    },
  ]);
});

test("what a table holds is not told, for it may be secret", () => {
  expect(linesOf({ RULES: [{ name: { password: "hunter2" }, block: 403 }] }).join()).not.toContain("hunter2");
});

describe("no input makes it throw", () => {
  const isSound = (bindings: Record<string, unknown>): void => {
    const loaded = loadConfig(bindings);
    if (loaded.kind === "config") return;
    expect(loaded.problems.length).toBeGreaterThan(0);
    for (const { at, says } of loaded.problems)
      expect([typeof at, says]).toEqual(["string", expect.stringMatching(/[.?]$/)]);
  };

  test("anything in our bindings", () => {
    const value = fc.anything({
      withNullPrototype: true,
      withDate: true,
      withMap: true,
      withBigInt: true,
      withSparseArray: true,
    });
    const names = fc.constantFrom(
      "ORIGINS",
      "SITES",
      "RULES",
      "RULES_1",
      "LISTS",
      "SETTINGS",
      "EXPERIMENTS",
      "RULE",
      "X",
    );
    fc.assert(fc.property(fc.dictionary(names, value), isSound), { numRuns: 1_000 });
  });

  test("nearly right configs", () => {
    const leaf = fc.oneof(
      fc.constantFrom<unknown>(
        "frankfurt",
        "https://a.example",
        "www.example.com",
        "*",
        "5m",
        "1KB",
        403,
        0,
        -1,
        true,
        false,
        null,
        undefined,
        "true",
        "${client.ip}",
        "10.0.0.0/8",
        "DE",
        [50, 8],
      ),
      fc.string(),
      fc.integer(),
    );
    const keys = fc.constantFrom(
      "name",
      "url",
      "at",
      "hosts",
      "origins",
      "sites",
      "when",
      "block",
      "limit",
      "by",
      "per",
      "rate",
      "atOnce",
      "count",
      "bans",
      "redirect",
      "to",
      "status",
      "respond",
      "body",
      "rewrite",
      "path",
      "query",
      "only",
      "except",
      "cache",
      "ttl",
      "stale",
      "key",
      "headers",
      "request",
      "response",
      "set",
      "add",
      "remove",
      "security",
      "compress",
      "types",
      "limits",
      "__proto__",
      "constructor",
      "toString",
    );
    const { tree } = fc.letrec<{ tree: unknown }>((tie) => ({
      tree: fc.oneof(
        { maxDepth: 4 },
        leaf,
        fc.array(tie("tree"), { maxLength: 3 }),
        fc.dictionary(keys, tie("tree"), { maxKeys: 5 }),
      ),
    }));
    const list = fc.array(fc.dictionary(keys, tree, { maxKeys: 5 }), { maxLength: 3 });
    const bindings = fc.record({
      ORIGINS: list,
      SITES: list,
      RULES: list,
      LISTS: fc.dictionary(keys, tree),
      SETTINGS: fc.dictionary(keys, tree),
    });
    fc.assert(
      fc.property(bindings, ({ ORIGINS, SITES, ...others }) => {
        isSound({ ORIGINS, SITES, ...others });
        isSound(bindingsWith(others));
      }),
      { numRuns: 500 },
    );
  });
});

test("what signs is set, and covers nothing twice", () => {
  const sign = { key: "ORIGIN_KYE", components: ["@path", "Date", "date"] };
  const [first, ...others] = origins;
  expect(problemsOf({ ORIGINS: [{ ...first, sign }, ...others] }, { secrets: ["ORIGIN_KEY"] })).toEqual([
    {
      at: "ORIGINS[0].sign.key",
      says: '"ORIGIN_KYE" is not the name of a secret that is set; did you mean "ORIGIN_KEY"?',
    },
    { at: "ORIGINS[0].sign.components[2]", says: '"date" is not new to the list: its [1] is the same.' },
  ]);
  for (const wrong of ["@status", "host", "no field"]) {
    const lines = linesOf({ ORIGINS: [{ ...first, sign: { key: "K", components: [wrong] } }, ...others] });
    expect(lines).toEqual([expect.stringContaining("ORIGINS[0].sign.components[0]: ")]);
  }
});

test("a list is in a store that is bound", () => {
  const LISTS = { a: { kv: "STROE", key: "a" }, b: { r2: "FILES", key: "b" } };
  expect(problemsOf({ LISTS }, { namespaces: ["STORE"], buckets: ["FILES"] })).toEqual([
    { at: "LISTS.a.kv", says: '"STROE" is not the name of a KV binding; did you mean "STORE"?' },
  ]);
});

test.each([{ signatures: true }, { signatures: false, ranges: true }, { signatures: false, resolver: "https://a.b/" }])(
  "%j can prove something",
  (verify) => {
    const site = { hosts: ["*"], ai: { agents: "verified" } };
    expect(loadConfig(bindingsWith({ SITES: [site], SETTINGS: { verify } })).kind).toBe("config");
  },
);
