import * as fc from "fast-check";
import { brotliCompressSync, gzipSync, zstdCompressSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import { prepare } from "../../../src/transform/transform.ts";
import { answer, bytesOf, edge, origin, streamOf, textOf, visitTo, type VisitOptions } from "../visit.ts";

const encode = (text: string) => new TextEncoder().encode(text);
const page = { "content-type": "text/html; charset=utf-8" };

async function mapped(
  html: string,
  options: VisitOptions = {},
  fields: Record<string, string> = page,
): Promise<string> {
  return textOf(await prepare(visitTo("/page", options), answer(fields, streamOf(encode(html))), edge));
}

describe("links in HTML", () => {
  test.for([
    ['<a href="https://fra.example/x?a=1&amp;b=2">', '<a href="https://www.example.com/x?a=1&amp;b=2">'],
    ["<a class=x HREF=HTTPS://FRA.EXAMPLE/x>", '<a class=x HREF="https://www.example.com/x">'],
    ["<a href=' https://fra.example/x'>", '<a href=" https://www.example.com/x">'],
    ['<link rel="canonical" href="https://fra.example/x">', '<link rel="canonical" href="https://www.example.com/x">'],
    ['<base href="//fra.example/">', '<base href="//www.example.com/">'],
    ['<form action="http://fra.example/go">', '<form action="https://www.example.com/go">'],
    ['<img src="https://fra.example/i.png">', '<img src="https://www.example.com/i.png">'],
    ['<script src="https://fra.example/s.js"></script>', '<script src="https://www.example.com/s.js"></script>'],
    ['<video poster="https://fra.example/p.png">', '<video poster="https://www.example.com/p.png">'],
    [
      '<img srcset="https://fra.example/1.png 1x,https://fra.example/2.png 2x, /3.png 3x">',
      '<img srcset="https://www.example.com/1.png 1x,https://www.example.com/2.png 2x, /3.png 3x">',
    ],
    ['<img srcset="/a,https://fra.example/b 1x, c">', '<img srcset="/a,https://fra.example/b 1x, c">'],
    [
      '<a ping="https://fra.example/1 https://fra.example/2">',
      '<a ping="https://www.example.com/1 https://www.example.com/2">',
    ],
    [
      '<meta http-equiv="Refresh" content="3;url=https://fra.example/x">',
      '<meta http-equiv="Refresh" content="3;url=https://www.example.com/x">',
    ],
    [
      '<meta property="og:url" content="https://fra.example/x">',
      '<meta property="og:url" content="https://www.example.com/x">',
    ],
    [
      '<svg><use xlink:href="https://fra.example/i#a"></use></svg>',
      '<svg><use xlink:href="https://www.example.com/i#a"></use></svg>',
    ],
    [
      '<p style="background:url(https://fra.example/b.png),url(&quot;https://fra.example/c&quot;)">',
      '<p style="background:url(https://www.example.com/b.png),url(&quot;https://www.example.com/c&quot;)">',
    ],
    ['<rect fill="url(https://fra.example/i#a)">', '<rect fill="url(https://www.example.com/i#a)">'],
    [
      '<style>@import "https://fra.example/a.css";b{c:url( \'//fra.example/d\' )}e{content:"https://fra.example/"}</style>',
      '<style>@import "https://www.example.com/a.css";b{c:url( \'//www.example.com/d\' )}e{content:"https://fra.example/"}</style>',
    ],
    [
      '<iframe srcdoc="<a href=&quot;https://fra.example/x&quot;>https://fra.example/</a>"></iframe>',
      '<iframe srcdoc="<a href=&quot;https://www.example.com/x&quot;>https://fra.example/</a>"></iframe>',
    ],
    [
      '<select><option>1<style>a{b:url(https://fra.example/)}</style><a href="https://fra.example/x">',
      '<select><option>1<style>a{b:url(https://www.example.com/)}</style><a href="https://www.example.com/x">',
    ],
  ] as const)("%s", async ([html, expected]) => {
    expect(await mapped(`<!doctype html><p>a</p>${html}b`)).toBe(`<!doctype html><p>a</p>${expected}b`);
  });

  test.for([
    ['<img src="//fra.example/a.jpg">', '<img src="//www.example.com/a.jpg">'],
    ["<IMG alt='>' SRC = 'https://fra.example/a.jpg' b/>", "<IMG alt='>' SRC = \"https://www.example.com/a.jpg\" b/>"],
    ["<a href=https://fra.example/x>a</a>", '<a href="https://www.example.com/x">a</a>'],
    ["<a href='https:&#x2f;&#x2f;fra.example/&#34;'>", '<a href="https://www.example.com/&quot;">'],
    [
      '<img data-src="//fra.example/" srcset="https://fra.example/1 1x, //fra.example/2 2x">',
      '<img data-src="//fra.example/" srcset="https://www.example.com/1 1x, //www.example.com/2 2x">',
    ],
    [
      '<link rel=stylesheet href="https://fra.example/a.css"><style>a{b:url(//fra.example/c)}</style>',
      '<link rel=stylesheet href="https://www.example.com/a.css"><style>a{b:url(//www.example.com/c)}</style>',
    ],
    [
      '<meta content="0;url=https://fra.example/x" http-equiv="Refresh">',
      '<meta content="0;url=https://www.example.com/x" http-equiv="Refresh">',
    ],
    ['<p style="a:url(//fra.example/b)">', '<p style="a:url(//www.example.com/b)">'],
    ["<p>See https://fra.example/ &amp; 1 < 2 <", "<p>See https://fra.example/ &amp; 1 < 2 <"],
    [
      '<p content="https://fra.example/" title=\'href="//fra.example/"\'>',
      '<p content="https://fra.example/" title=\'href="//fra.example/"\'>',
    ],
    ["<a href='//fra.example/", "<a href='//fra.example/"],
  ] as const)("in noscript, however it comes: %s", async ([inside, expected]) => {
    for (const end of ["</noscript><a href='/'>b", ""])
      for (const size of [1, 7, 4096]) {
        const html = `<p>a</p><noscript>${inside}${end}`;
        const out = await prepare(visitTo("/page"), answer(page, streamOf(encode(html), size)), edge);
        expect(await textOf(out)).toBe(`<p>a</p><noscript>${expected}${end}`);
      }
  });

  test.for([
    ["https:&#x2f;&#x2f;fra.example/", "https://www.example.com/"],
    ["https:&#47;&#X2F;fra.example/a&amp;b?c=&copy;", "https://www.example.com/a&amp;b?c=&copy;"],
    ["https&colon;&sol;&sol;fra.example&sol;x", "https://www.example.com/x"],
    ["https://fra&#46;example/x", "https://www.example.com/x"],
    ["&#104;ttps://&#102;ra.example/x", "https://www.example.com/x"],
    ["https://fra.example/?a=1&#038;b=2", "https://www.example.com/?a=1&#038;b=2"],
    ["https://fra.example/&#34;&#233;é", "https://www.example.com/&quot;&#233;é"],
    ["https:\\\\fra.example\\x", "https://www.example.com/x"],
    ["\\\\fra.example/x", "//www.example.com/x"],
    ["\\/fra.example", "//www.example.com"],
    ["/\\fra.example\\é?a\\b", "//www.example.com/é?a\\b"],
    ["///fra.example/x", "//www.example.com/x"],
    ["https:////fra.example/x", "https://www.example.com/x"],
    ["http:fra.example/x", "https://www.example.com/x"],
    ["https://user:pass@fra.example/x", "https://www.example.com/x"],
    ["https:/&Tab;/fra.example/x", "https://www.example.com/x"],
    [" ht\ntps:/\t/fra.example/x", " https://www.example.com/x"],
    ["https://fra.example:443\\x", "https://www.example.com\\x"],
  ] as const)("as browsers read it: %j", async ([written, expected]) => {
    const url = URL.parse(expected.replaceAll("&amp;", "&"), "https://www.example.com/");
    expect(url?.host).toBe("www.example.com");
    expect(await mapped(`<a href="${written}">a`)).toBe(`<a href="${expected}">a`);
    if (!/\s|&Tab;/.test(written))
      expect(await mapped(`<img srcset="/a 1x, ${written.trim()} 2x">a`)).toContain("www.example.com");
  });

  test.for([
    "https:/fra.example/x",
    "https:fra.example",
    "/fra.example",
    "\\fra.example",
    "https://fra.example&#46;evil/",
    "https://fra.example@other.example/",
    "https:&amp;#x2f;&amp;#x2f;fra.example/",
    "&#x2f;a?b=&#38;fra.example",
    "javascript:fra.example&#47;&#47;",
  ])("read by browsers as something else: %j", async (written) => {
    expect(await mapped(`<a href="${written}">`)).toBe(`<a href="${written}">`);
  });

  test.for([
    '<a href="https://other.example/?u=https://fra.example/">',
    "<p>Write to https://fra.example/</p>",
    '<meta name="description" content="https://fra.example/ is where we began">',
    "<script>const home = 'https://fra.example/'; const a = '<a href=\"https://fra.example/\">'</script>",
    '<!-- <a href="https://fra.example/"> -->',
    '<textarea><a href="https://fra.example/"></textarea>',
    '<a data-href="https://fra.example/">',
    '<esi:include src="/part"/><p>after</p>',
  ])("left alone: %s", async (html) => {
    expect(await mapped(html)).toBe(html);
  });

  test("under a base, absolute and path-absolute links lose it", async () => {
    const based = { origins: [origin("fra", "https://fra.example/app")] };
    const html =
      '<a href="https://fra.example/app/x"><a href="/app/y"><a href="/z"><img srcset="/app/1.png 1x, /app/2.png 2x">';
    expect(await mapped(html, based)).toBe(
      '<a href="https://www.example.com/x"><a href="/y"><a href="/z"><img srcset="/1.png 1x, /2.png 2x">',
    );
  });

  test("a page without links of ours keeps every byte, whatever they are and however they come", async () => {
    const bytes = fc.uint8Array({ maxLength: 300 });
    const text = fc.string({
      unit: fc.constantFrom("<", ">", "a", " ", "href", "=", '"', "'", "/", "!--", "é", "\0", "&"),
    });
    const body = fc.oneof(bytes, text.map(encode));
    await fc.assert(
      fc.asyncProperty(body, fc.integer({ min: 1, max: 50 }), async (bytes, piece) => {
        const out = await prepare(
          visitTo("/page"),
          answer({ "content-type": "text/html" }, streamOf(bytes, piece)),
          edge,
        );
        expect(await bytesOf(out)).toEqual(new Uint8Array(bytes));
      }),
    );
  });

  test.each<[count: number, from: string, space: string]>([
    [1, "fra.example", " "],
    [40, "fra.example", " "],
    [3_000, "fra.example", " "],
    [40, `${"long.".repeat(20)}example`, " "],
    [3_000, `${"long.".repeat(20)}example`, " "],
    [3_000, "fra.example", "\n          "],
  ])("of a page that stalls after %i links to %s, all is out that has come", async (count, from, space) => {
    const links = (host: string, between = " ") =>
      `<p>${Array.from({ length: count }, (_, index) => `<a${between}href="https://${host}/${index}">${index}</a>`).join("\n")}</p>`;
    const rest = Promise.withResolvers<Uint8Array>();
    const pieces = [Promise.resolve(encode(links(from, space))), rest.promise];
    const body = new ReadableStream<Uint8Array>({
      async pull(controller) {
        const next = pieces.shift();
        if (next) controller.enqueue(await next);
        else controller.close();
      },
    });
    const origins = [origin("fra", `https://${from}`)];
    const out = await prepare(visitTo("/page", { origins }), answer(page, body), edge);
    const reader = (out.body as ReadableStream<Uint8Array>).getReader();
    let text = "";
    while (text.length < links("www.example.com").length) text += new TextDecoder().decode((await reader.read()).value);
    expect(text).toBe(links("www.example.com"));
    rest.resolve(encode(`<a href='https://${from}/'>`));
    text = "";
    for (let next = await reader.read(); !next.done; next = await reader.read()) {
      text += new TextDecoder().decode(next.value);
    }
    expect(text).toBe('<a href="https://www.example.com/">');
  });

  test("bytes that are not UTF-8 are not damaged in what changes either", async () => {
    const bytes = (text: string) => Uint8Array.from(text, (character) => character.charCodeAt(0));
    const latin1 = bytes('<a title="é" href="https://fra.example/é">é');
    const out = await prepare(visitTo("/page"), answer({ "content-type": "text/html" }, streamOf(latin1)), edge);
    expect(await bytesOf(out)).toEqual(bytes('<a title="é" href="https://www.example.com/é">é'));
  });

  test("of thousands of origins, links to each are mapped", async () => {
    const origins = Array.from({ length: 10_000 }, (_, index) => origin(`o${index}`, `https://o${index}.example`));
    const html =
      '<a href="https://o9999.example/x"><img srcset="//o17.example/1 1x"><a href="https://o10000.example/"><p style="background:url(https://o5.example/b)">';
    expect(await mapped(html, { origins })).toBe(
      '<a href="https://www.example.com/x"><img srcset="//www.example.com/1 1x"><a href="https://o10000.example/"><p style="background:url(https://www.example.com/b)">',
    );
  });
});

describe("which pages are mapped", () => {
  const html = '<a href="https://fra.example/x">';
  test.for([
    { "content-type": "text/plain" },
    { "content-type": "application/xhtml+xml" },
    { "content-type": "text/html; charset=iso-8859-1" },
    { "content-type": "text/html", "cache-control": "public, no-transform" },
    { "content-type": "text/html", "content-encoding": "unknown" },
    { "content-type": "text/html", "content-encoding": "gzip, br, gzip, br" },
    {},
  ])("not %o", async (fields) => {
    const from = answer({ ...fields, etag: '"a"', "content-length": String(html.length) }, streamOf(encode(html)));
    const before = [...from.fields];
    const out = await prepare(visitTo("/page"), from, edge);
    expect(await textOf(out)).toBe(html);
    expect([...out.fields]).toEqual(before);
  });

  test.for([
    ["<meta charset=iso-8859-1>", false],
    ["<META  http-equiv='Content-Type' content='text/html; charset=\"Shift_JIS\"'>", false],
    ["<!-- <meta charset=koi8-r> --><title>a</title><meta name=x charset=windows-1251 />", false],
    ["\xff\xfe", false],
    ["<!-- <meta charset=koi8-r> -->", true],
    ["<p title='<meta charset=koi8-r>'>", true],
    ["<meta charset=nonsense>", true],
    ["<meta charset=utf-8><meta charset=koi8-r>", true],
    ["<meta charset=utf-16>", true],
    ["<meta content='text/html; charset=koi8-r'>", true],
    [`${" ".repeat(1024)}<meta charset=koi8-r>`, true],
  ] as const)("by what it says itself: %s", async ([start, isMapped]) => {
    const bytes = Uint8Array.from(start + html, (character) => character.charCodeAt(0));
    for (const piece of [1, 7, 4096]) {
      const from = answer({ "content-type": "text/html" }, streamOf(bytes, piece));
      const out = await bytesOf(await prepare(visitTo("/page"), from, edge));
      expect(String.fromCharCode(...out)).toBe(
        start + (isMapped ? html.replace("fra.example", "www.example.com") : html),
      );
    }
  });

  test("a page that takes its time isn't waited for", async () => {
    const slow = new TransformStream<Uint8Array, Uint8Array>();
    const writer = slow.writable.getWriter();
    void writer.write(encode("<p>"));
    const out = await prepare(visitTo("/page"), answer({ "content-type": "text/html" }, slow.readable), edge);
    const reader = (out.body as ReadableStream<Uint8Array>).getReader();
    expect(new TextDecoder().decode((await reader.read()).value)).toBe("<p>");
    void writer.write(encode(html)).then(() => writer.close());
    expect(new TextDecoder().decode((await reader.read()).value)).toContain("www.example.com");
  });

  test("not a part of one", async () => {
    const fields = { ...page, "content-range": "bytes 0-31/100", etag: '"a"' };
    const out = await prepare(visitTo("/page"), answer(fields, streamOf(encode(html)), 206), edge);
    expect(await textOf(out)).toBe(html);
    expect(out.fields.get("etag")).toBe('"a"');
  });

  test.for([
    ["gzip", gzipSync],
    ["x-gzip", gzipSync],
    ["br", brotliCompressSync],
    ["zstd", zstdCompressSync],
  ] as const)("one in %s is read first", async ([coding, compress]) => {
    const from = answer({ ...page, "content-encoding": coding, etag: '"a"' }, streamOf(compress(encode(html))));
    const out = await prepare(visitTo("/page"), from, edge);
    expect(await textOf(out)).toBe('<a href="https://www.example.com/x">');
    expect(out.fields.has("content-encoding")).toBe(false);
  });
});

describe("the fields of a page", () => {
  const fields = {
    ...page,
    etag: '"a"',
    "content-length": "32",
    "content-encoding": "gzip",
    "accept-ranges": "bytes",
    "content-md5": "x",
    "content-digest": "x",
    "repr-digest": "x",
    "last-modified": "Sun, 01 Mar 2026 00:00:00 GMT",
  };
  const expected = { ...page, etag: 'W/"a"', "last-modified": fields["last-modified"] };

  test("say nothing any more of bytes that were changed", async () => {
    const out = await prepare(visitTo("/page"), answer(fields, streamOf(gzipSync("<p>"))), edge);
    expect(Object.fromEntries(out.fields)).toEqual(expected);
  });

  test("are the same for HEAD", async () => {
    const out = await prepare(visitTo("/page", { method: "HEAD" }), answer(fields), edge);
    expect(Object.fromEntries(out.fields)).toEqual(expected);
    expect(out.body).toBeNull();
  });

  test("of a 304 have the same weak entity tag", async () => {
    const out = await prepare(visitTo("/page"), answer({ ...page, etag: '"a"' }, null, 304), edge);
    expect(out.fields.get("etag")).toBe('W/"a"');
  });

  test("of a 304 for something else keep theirs", async () => {
    const out = await prepare(visitTo("/a.css"), answer({ "content-type": "text/css", etag: '"a"' }, null, 304), edge);
    expect(out.fields.get("etag")).toBe('"a"');
  });
});
