/** What a visit gives stays text in HTML, wherever it stands. */
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { createLanguage } from "../../src/rules/language.ts";
import { compileAttribute, compileMarkup, compilePlain, type Compiled } from "../../src/rules/rules.ts";
import { escapeHtml } from "../../src/http/html-text.ts";
import type { Wording } from "../../src/config/shape.ts";
import { visitTo } from "../transform/visit.ts";

const language = createLanguage(new Map());
const said = (compiled: Compiled<Wording>, value: string): string => {
  if (compiled.kind === "mistake") return `mistake: ${compiled.mistake.expected}`;
  const visit = visitTo("/", { headers: { "x-a": value } });
  return typeof compiled.run === "string" ? compiled.run : compiled.run(visit);
};
const value = '${request.headers["x-a"]}';
const attack = `"><script>x('&')`;
const escaped = "&quot;&gt;&lt;script&gt;x(&#39;&amp;&#39;)";

describe("escaped between tags and in quotes", () => {
  test.each([
    ["%"],
    ["<b>%</b>"],
    ["<b title='%'>"],
    ['<b title="a %" c>d %'],
    ["<!-- a --><p>%</p>"],
    ["<script>a</script><p>%"],
    ["<title>%</title>"],
    ["<textarea>%"],
    ["<br/>%<a href='/a?b=%'>"],
    ["a < b %"],
    ["<p data-x = '%'\n>"],
    ["<!doctype html>%"],
  ])("%s", (html) => {
    expect(said(compileMarkup(html.replaceAll("%", value), language), attack)).toBe(html.replaceAll("%", escaped));
  });
});

describe("a mistake where it can't be", () => {
  test.each([
    ["<script>let a = '%'</script>", "the element script"],
    ["<style>%</style>", "the element style"],
    ["<SCRIPT src=a>%", "the element script"],
    ["<p %>", "a tag"],
    ["<p title=%>", "a tag"],
    ["<p title=a%>", "a tag"],
    ["<%>", "a tag"],
    ["</%>", "a tag"],
    ["<a%>", "a tag"],
    ["<p title='a'%>", "a tag"],
    ["<p onclick='f(%)'>", "the attribute onclick"],
    ['<p STYLE="color:%">', "the attribute style"],
    ["<iframe srcdoc='%'>", "the attribute srcdoc"],
    ["<iframe>%", "the element iframe"],
    ["<!-- % -->", "a comment"],
    ["<!doctype %>", "a tag"],
    ["<meta http-equiv='%' content='0;url=//a.example'>", "the attribute http-equiv"],
    ["<a href='java%'>", "the beginning of an address"],
    ["<a href='%%'>", "the beginning of an address"],
  ])("%s", (html, where) => {
    expect(said(compileMarkup(html.replaceAll("%", value), language), attack)).toContain(where);
  });
});

describe("an address leads to the visited host, whoever begins it", () => {
  test.each([
    ["/a?b", "/a?b"],
    ["/", "/"],
    ["", ""],
    ["a/b", "a/b"],
    ["?javascript:", "?javascript:"],
    ["#//evil.example", "#//evil.example"],
    ["https://www.example.com/a", "https://www.example.com/a"],
    ["HTTPS:a", ""],
    ["ht\ttps:/evil.example", ""],
    ["/.//evil.example", "/.//evil.example"],
    ["https://evil.example/", ""],
    ["https:evil.example", ""],
    ["http:evil.example", ""],
    ["https://www.example.com@evil.example/", ""],
    ["https://www.example.com.evil.example", ""],
    ["blob:https://www.example.com/a", ""],
    ["//evil.example", ""],
    ["/\\evil.example", ""],
    ["\\\\evil.example", ""],
    ["/\t/evil.example", ""],
    ["mailto:a", ""],
    ["a:b/c", ""],
    ["javascript:alert(1)", ""],
    [" java\tscript:alert(1)", ""],
    ["JAVASCRIPT:alert(1)", ""],
    ["data:text/html,x", ""],
  ])("%j", (address, expected) => {
    expect(said(compileMarkup(`<base href="${value}">`, language), address)).toBe(`<base href="${expected}">`);
    expect(said(compileAttribute("href", value, language), address)).toBe(expected);
  });

  test.each([
    ["%/b", "/", "/b"],
    ["%/b", "/a", "/a/b"],
    ["%/b", "https://www.example.com", "https://www.example.com/b"],
    ["%.evil.example/", "https://www.example.com", ".evil.example/"],
    ["/%", "/evil.example", "/"],
    ["/%", "\\evil.example", "/"],
    ["/%", "\t/evil.example", "/"],
    ["/%", "a", "/a"],
    ["%/%", "/", "/"],
    ["%/%", "a", "a/a"],
    ["%?a=%", "//evil.example", "?a=//evil.example"],
    ["/a/%", "//evil.example", "/a///evil.example"],
    ["\n/\n%", "/evil.example", "\n/\n"],
    ["https://cdn.example/%", "/evil.example", "https://cdn.example//evil.example"],
    ["mailto:%", "a@b", "mailto:a@b"],
  ])("%j with %j", (written, address, expected) => {
    const template = written.replaceAll("%", value);
    expect(said(compileMarkup(`<a href="${template}">`, language), address)).toBe(`<a href="${expected}">`);
    expect(said(compileAttribute("href", template, language), address)).toBe(expected);
  });

  test.each([
    ["srcset", "%", "/a", "/a"],
    ["srcset", "%", "//evil.example", ""],
    ["srcset", "/a 1x, /%", "/evil.example", "/a 1x, /"],
    ["srcset", "/a?%", "1,//evil.example", "/a?"],
    ["srcset", "/a?%", "1 //evil.example", "/a?"],
    ["ping", "/a /b?%", "1 //evil.example", "/a /b?"],
  ])("in a list: %s=%j with %j", (name, written, address, expected) => {
    expect(said(compileAttribute(name, written.replaceAll("%", value), language), address)).toBe(expected);
  });

  test.each([
    "https:%",
    "https:/%",
    "//%",
    "https://a%",
    "%%",
    "java%",
    "javascript:f(%)",
    "data:,%",
    "%://%",
    "/a 1x,//%",
  ])("is refused where it can't be kept there: %j", (written) => {
    const name = written.includes("1x") ? "srcset" : "href";
    const template = written.replaceAll("%", value);
    expect(said(compileMarkup(`<a ${name}="${template}">`, language), "a")).toContain("of an address");
    expect(said(compileAttribute(name, template, language), "a")).toContain("of an address");
  });

  test.each([
    ["%", "0;url=https://evil.example/", ""],
    ["%", "0;https://evil.example/", ""],
    ["%", " 0.5 , URL = '//evil.example'", ""],
    ["%", "0;url=https://www.example.com'.evil.example/", ""],
    ["%", "0;url=javascript:x", ""],
    ["%", "0;url=http:evil.example", ""],
    ["%.evil.example/", "0;url=//www.example.com", ".evil.example/"],
    ["5%", ";//evil.example", "5"],
    ["%;url=/a", "5", "5;url=/a"],
    ["%", "5;url=/a", "5;url=/a"],
    ["%", "A title: //a", "A title: //a"],
    ["%", "2026, a year", "2026, a year"],
    ["%", "https://evil.example/", "https://evil.example/"],
    ["A %, by %", "0;url=//evil.example", "A 0;url=//evil.example, by 0;url=//evil.example"],
  ])("nor where a refresh leads: %j with %j", (written, text, expected) => {
    const template = written.replaceAll("%", value);
    expect(said(compileAttribute("content", template, language), text)).toBe(escapeHtml(expected));
    expect(said(compileMarkup(`<meta content="${template}">`, language), text)).toBe(
      `<meta content="${escapeHtml(expected)}">`,
    );
  });

  test.each(["0;url=%", "0;%", " 5, %", "%%", "%;url=%", "5; url='/a/%'"])("a refresh is refused: %j", (written) => {
    const template = written.replaceAll("%", value);
    expect(said(compileAttribute("content", template, language), "")).toContain("the address of a refresh");
    expect(said(compileMarkup(`<meta content="${template}">`, language), "")).toContain("the address of a refresh");
  });

  const literal = fc.constantFrom("/", "\\", ":", "https:", "http:", "a", "?", "#", ".", "\t", "@", " ");
  test("whatever stands around it, and whatever it is, it never chooses", () => {
    fc.assert(
      fc.property(
        fc.array(fc.oneof(literal, fc.constant(value)), { maxLength: 6 }),
        fc.array(literal),
        (around, given) => {
          const compiled = compileAttribute("href", around.join(""), language);
          if (compiled.kind === "mistake" || typeof compiled.run === "string") return;
          const text = `${given.join("")}//evil.example/`.trim();
          const url = URL.parse(said(compiled, text), "https://www.example.com/");
          expect(url?.host ?? "").not.toContain("evil");
          const alone = URL.parse(around.filter((part) => part !== value).join(""), "https://www.example.com/");
          expect(["https:", alone?.protocol]).toContain(url?.protocol ?? "https:");
        },
      ),
      { numRuns: 5_000 },
    );
  });
});

test("attributes: what the config says is text, too; what holds a script takes nothing of a visit", () => {
  expect(said(compileAttribute("title", 'a & "b"', language), "")).toBe("a &amp; &quot;b&quot;");
  expect(said(compileAttribute("onclick", "a()", language), "")).toBe("a()");
  expect(said(compileAttribute("onclick", `a(${value})`, language), "")).toContain("mistake");
  expect(said(compileAttribute("title", value, language), attack)).toBe(escaped);
});

test("text: markup stands for itself, whoever wrote it", () => {
  expect(said(compilePlain(`<b> ${value}`, language), attack)).toBe(`&lt;b&gt; ${escaped}`);
});

test("whatever HTML it stands in and whatever it is: it brings no markup of its own", () => {
  const piece = fc.constantFrom("<", ">", "'", '"', "=", " ", "/", "!--", "-->", "a", "script", "title", "href", value);
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 12 }), fc.string(), (pieces, text) => {
      const compiled = compileMarkup(pieces.join(""), language);
      if (compiled.kind === "mistake" || typeof compiled.run === "string") return;
      // The header's value is read as it is written; what it is in the page holds none of the four.
      const marked = said(compiled, `<>'"${text.replaceAll(/[^\x20-\x7e]/g, "").trim()}<>'"`);
      const own = pieces.filter((each) => each !== value).join("");
      for (const character of `<>'"`) expect(marked.split(character).length).toBe(own.split(character).length);
    }),
    { numRuns: 3_000 },
  );
});
