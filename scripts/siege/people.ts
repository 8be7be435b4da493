/** What people ask for: hits and passes, and what they have to show something for. */
import { browserFields } from "../load/browser.ts";
import { oneOf, type Draw, type Kind } from "./kind.ts";
import type { Asked } from "./message.ts";
import type { Person } from "./passes.ts";
import { doubtful } from "./site.ts";

/** Where a client is, in the fields that tell it where no platform does. */
function whereabouts({ ip, country, asn }: Pick<Person, "ip" | "country" | "asn">): Asked["fields"] {
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
  { name: "pages that are stored", share: 52, ask: usual((draw) => ({ target: `/page/${draw(50)}` })) },
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
    share: 2,
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
