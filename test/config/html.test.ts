/** What rules say of HTML pages: refused with the place, or compiled. */
import { describe, expect, test } from "vitest";
import { configOf, linesOf } from "./load.ts";

const lines = (rule: object) => linesOf({ RULES: [rule] });

describe("a problem, with its place", () => {
  test.each<[object, string]>([
    [
      { html: [{ at: "a + b", remove: true }] },
      'RULES[0].html[0].at: "a + b" is not a selector without sibling combinators, such as + and ~, at character 3.',
    ],
    [{ html: [{ at: "a:hover", remove: true }] }, "RULES[0].html[0].at: "],
    [
      { html: [{ at: "", remove: true }] },
      'RULES[0].html[0].at: "" is not a selector that is complete, at character 1.',
    ],
    [{ html: [{ at: "a" }] }, "RULES[0].html[0]: The table { at } is not an edit that does something."],
    [{ html: [{ at: "a", first: true, raw: true }] }, "is not an edit that does something."],
    [
      { html: [{ at: "a", remove: true, unwrap: true }] },
      "RULES[0].html[0].unwrap: true is not what can stand beside remove.",
    ],
    [{ html: [{ at: "a", replace: "x", append: "y" }] }, "RULES[0].html[0].append: "],
    [{ html: [{ at: "a", remove: true, attributes: { b: "c" } }] }, "RULES[0].html[0].attributes: "],
    [{ html: [{ at: "a", text: "x", content: "y" }] }, "RULES[0].html[0].text: "],
    [{ html: [{ at: "a", attributes: { "a b": "c" } }] }, "RULES[0].html[0].attributes"],
    [{ html: [{ at: "a", wrap: ["<b>"] }] }, "RULES[0].html[0].wrap"],
    [{ html: [{ at: "a", apend: "x" }] }, 'RULES[0].html[0].apend: There is no such field; did you mean "append"?'],
    [{ html: [{ at: "a", append: "${request.pth}" }] }, "RULES[0].html[0].append: "],
    [
      { html: [{ at: "a", append: "<b>${request.path}</b><script>'${request.path}'</script>" }] },
      "in the element script it can't be, and needs raw = true, at character 34.",
    ],
    [{ html: [{ at: "a", attributes: { onclick: "f(${request.path})" } }] }, "RULES[0].html[0].attributes.onclick: "],
    [{ html: [{ at: "a", append: "${" }] }, "RULES[0].html[0].append: "],
    [
      { html: [{ at: "script", attributes: { src: "${request.query}" } }] },
      "in the beginning of an address (the attribute src) it can't be",
    ],
    [
      { html: [{ at: "a", append: '<script src="/${request.query}"></script>' }] },
      "in the beginning of an address (the attribute src) it can't be",
    ],
    [
      { html: [{ at: "head", append: '<base href="https://${request.query}">' }] },
      "in the host of an address (the attribute href) it can't be",
    ],
    [
      { html: [{ at: "a", append: '<meta content="0;url=${request.query}">' }] },
      "in the address of a refresh it can't be",
    ],
    [
      { html: [{ at: "meta", attributes: { content: "0;url=${request.query}" } }] },
      "RULES[0].html[0].attributes.content: ",
    ],
    [
      { html: [{ at: "meta", attributes: { "http-equiv": "${request.query}" } }] },
      "in the attribute http-equiv it can't be",
    ],
    [{ html: [{ at: "a", append: '<animate values="${request.query}">' }] }, "in the attribute values it can't be"],
    [
      { links: { scripts: ["text/javascript"] } },
      'RULES[0].links.scripts[0]: "text/javascript" is not the type of a script that holds JSON',
    ],
    [{ links: { scripts: ['a"/json'] } }, "RULES[0].links.scripts[0]: "],
    [{ preload: { most: 0 } }, "RULES[0].preload.most: 0 is not a whole number from 1 to 50."],
    [{ nonce: "x" }, "RULES[0].nonce: "],
  ])("%j", (rule, expected) => {
    const found = lines(rule);
    expect(found).toHaveLength(1);
    expect(found[0]).toContain(expected);
  });
});

test("an edit as requests need it", () => {
  const html = [
    { at: "a", wrap: ["<b>", "</b>"], replace: "<i>", first: true },
    { at: "p", text: "<&", attributes: { Rel: "a&b", onclick: false, hidden: true } },
    { at: "p", append: "${request.path}", raw: true },
  ];
  const { rules } = configOf({ RULES: [{ html }, { html: html.slice(0, 2) }, { nonce: true, preload: true }] });
  const plain = { first: false, attributes: [], ending: "kept", raw: false };
  expect(rules[0]!.shapes).toMatchObject([
    {
      kind: "html",
      side: "after",
      edits: [
        {
          ...plain,
          at: "a",
          first: true,
          put: [
            ["before", "<b>"],
            ["after", "</b>"],
            ["before", "<i>"],
          ],
          ending: "removed",
        },
        {
          ...plain,
          at: "p",
          put: [["content", "&lt;&amp;"]],
          attributes: [
            ["onclick", false],
            ["rel", "a&amp;b"],
            ["hidden", ""],
          ],
        },
        { ...plain, at: "p", raw: true, put: [["append", expect.any(Function)]] },
      ],
    },
  ]);
  expect(rules[1]!.shapes).toMatchObject([{ side: "before" }]);
  expect(rules[2]).toMatchObject({ shapes: [{ side: "after", nonce: true }], preload: { most: 10, preconnect: true } });
});
