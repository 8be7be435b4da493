/** What people ask for: hits and passes, and what they have to show something for. */
import { oneOf, type Draw, type Kind } from "./kind.ts";
import type { Asked } from "./message.ts";
import type { Person } from "./passes.ts";
import { doubtful } from "./site.ts";

/** What a usual browser sends with a page's request, over HTTP/1.1. */
export const browserFields: Readonly<Record<string, string>> = {
  connection: "keep-alive",
  "sec-ch-ua": '"Chromium";v="142", "Google Chrome";v="142", "Not_A Brand";v="99"',
  "sec-ch-ua-mobile": "?0",
  "sec-ch-ua-platform": '"Windows"',
  "upgrade-insecure-requests": "1",
  "user-agent":
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36",
  accept:
    "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,image/apng,*/*;q=0.8,application/signed-exchange;v=b3;q=0.7",
  "sec-fetch-site": "same-origin",
  "sec-fetch-mode": "navigate",
  "sec-fetch-user": "?1",
  "sec-fetch-dest": "document",
  "accept-encoding": "gzip, deflate, br, zstd",
  "accept-language": "de-DE,de;q=0.9,en;q=0.8",
};

/** Where a client is, in the fields that tell it where no platform does. */
export function whereabouts({ ip, country, asn }: Pick<Person, "ip" | "country" | "asn">): Asked["fields"] {
  return { "cf-connecting-ip": ip, "cf-ipcountry": country, "cf-asn": String(asn) };
}

/** A visit of a person with a browser. */
export function byPerson(person: Person, asked: Partial<Asked> & Pick<Asked, "target">): Asked {
  const cookie = `theme=dark; session=${person.ip.replaceAll(".", "-")}`;
  return { method: "GET", ...asked, fields: { ...browserFields, ...whereabouts(person), cookie, ...asked.fields } };
}

const usual =
  (of: (draw: Draw) => Partial<Asked> & Pick<Asked, "target">): Kind["ask"] =>
  (draw, { people }) =>
    byPerson(oneOf(people, draw), of(draw));

export const people: readonly Kind[] = [
  { name: "pages that are stored", share: 50, ask: usual((draw) => ({ target: `/page/${draw(50)}` })) },
  { name: "images that are stored", share: 15, ask: usual((draw) => ({ target: `/image/${draw(50)}` })) },
  { name: "pages that are not stored", share: 15, ask: usual((draw) => ({ target: `/cart/${draw(1_000)}` })) },
  {
    name: "logins",
    share: 1,
    ask: usual(() => ({ method: "POST", target: "/login", content: "name=alice&password=secret" })),
  },
  {
    name: "signed films",
    share: 5,
    ask: (draw, { people, films }) => byPerson(oneOf(people, draw), { target: oneOf(films, draw) }),
  },
  {
    name: "calls with a token",
    share: 5,
    ask: (draw, { people, tokens }) =>
      byPerson(oneOf(people, draw), { target: `/api/${draw(100)}`, fields: { authorization: oneOf(tokens, draw) } }),
  },
  {
    name: "members with a password",
    share: 4,
    ask: (draw, { people, passwords }) =>
      byPerson(oneOf(people, draw), {
        target: `/staff/${draw(10)}`,
        fields: { authorization: oneOf(passwords, draw) },
      }),
  },
  {
    name: "people who passed a challenge",
    share: 5,
    ask: (draw, passes) => {
      const challenged = passes.people.filter(({ asn }) => doubtful.includes(asn));
      const person = oneOf(challenged, draw);
      return byPerson(person, { target: `/shop/${draw(100)}`, fields: { cookie: `theme=dark; ${person.clearance}` } });
    },
  },
];
