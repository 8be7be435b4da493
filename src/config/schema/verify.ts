/** What may be said of how bots show who they are. */
import * as v from "valibot";
import { identities, type Identity } from "../identities.ts";
import { token } from "../forms.ts";
import { about, oneOrMore, table } from "./parts.ts";

const hostName = v.pipe(
  v.string(),
  v.toLowerCase(),
  v.regex(
    /^(?=.{1,253}$)[a-z\d](?:[a-z\d-]*[a-z\d])?(?:\.[a-z\d](?:[a-z\d-]*[a-z\d])?)+$/,
    'a host\'s name, such as "bot.example.com"',
  ),
);

function webAddress(example: string) {
  return v.pipe(
    v.string(),
    v.check((text) => URL.parse(text)?.protocol === "https:" && !/[?#@]/.test(text), `a URL such as "${example}"`),
  );
}

const identity = v.pipe(
  table({
    agents: about(v.exactOptional(oneOrMore(hostName)), "Hosts whose keys sign its requests (Web Bot Auth)."),
    dns: about(
      v.exactOptional(oneOrMore(hostName)),
      'Domains in which the names of its addresses are: "crawl.example.com". Asked for at the resolver.',
    ),
    ranges: about(
      v.exactOptional(oneOrMore(webAddress("https://www.example.com/bot.json"))),
      "URLs at which its address ranges are published.",
    ),
  }),
  v.check((one) => Object.keys(one).length > 0, "a table with agents, dns or ranges"),
);

export const verifySchema = v.pipe(
  table({
    signatures: about(
      v.exactOptional(v.boolean(), true),
      "Believe signatures of those who are known (Web Bot Auth); their keys are fetched when the first one comes.",
    ),
    ranges: about(
      v.exactOptional(v.boolean(), false),
      "Fetch the address ranges that search engines and others publish, once a day, when a visit says it is from them.",
    ),
    resolver: about(
      v.exactOptional(webAddress("https://dns.example.com/dns-query")),
      'A DNS-over-HTTPS server (RFC 8484), such as "https://dns.example.com/dns-query", at which names of addresses are looked up.',
    ),
    bots: about(
      v.exactOptional(v.record(v.pipe(v.string(), v.toLowerCase(), token), identity), {}),
      "By a bot's name: how it shows that it is who it says, in place of what is known of it.",
    ),
  }),
  v.transform(({ bots, ...said }) => ({
    ...said,
    identities: new Map<string, Identity>(Object.entries({ ...identities, ...bots })),
  })),
);
