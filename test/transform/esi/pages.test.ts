import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { ann, answering, asked, put } from "./pages.ts";

describe("what a page is put together from", () => {
  test.each([
    ["a page without tags", "<p>a $(HTTP_HOST) --> ]]> < b</p>", undefined],
    ["a fragment", 'a<esi:include src="/f"/>b', "a[/f]b"],
    ["a fragment with a tag that closes", '<esi:include src="/f"></esi:include>b', "[/f]b"],
    ["quotes, case and white space", "<esi:INCLUDE\n src = '/f' />", "[/f]"],
    ["an entity in an address", '<esi:include src="/f?a=1&amp;b=2"/>', "[/f?a=1&b=2]"],
    ["a sign that closes, in quotes", '<esi:include src="/f?a>b"/>', "[/f?a>b]"],
    ["letters beyond ASCII", '<esi:include src="/ä€"/>ü', "[/ä€]ü"],
    ["one that fails", 'a<esi:include src="/no"/>b', "ab"],
    ["one that fails, with one in its place", '<esi:include src="/no" alt="/alt"/>', "[/alt]"],
    ["both fail", 'a<esi:include src="/no" alt="/no2" onerror="continue"/>b', "ab"],
    ["what is to be removed", "a<esi:remove><b>x</b></esi:remove>c", "ac"],
    ["a comment", 'a<esi:comment text="x"/>b<esi:comment>c</esi:comment>d', "abd"],
    ["marks of a comment", 'a<!--esi <esi:include src="/f"/>x-->b', "a [/f]xb"],
    ["a comment of somebody else's", '<!-- <esi:include src="/f"/> --><!--esify <esi:remove> -->', undefined],
    ["CDATA", '<![CDATA[<esi:include src="/f"/>]]>', undefined],
    ["variables outside of vars", "$(HTTP_HOST)", undefined],
    [
      "variables",
      "<esi:vars>$(HTTP_HOST) $(REQUEST_PATH) $(HTTP_USER_AGENT)</esi:vars>",
      "www.example.com /page Test/1",
    ],
    [
      "members",
      "<esi:vars>$(HTTP_COOKIE{name}) $(QUERY_STRING{a}) $(HTTP_ACCEPT_LANGUAGE{de})</esi:vars>",
      "Ann 1 true",
    ],
    ["values that look like tags", "<esi:vars>$(HTTP_COOKIE{html})$(QUERY_STRING{b})</esi:vars>", "&lt;b&gt;&lt;x&gt;"],
    ["what has no value", "<esi:vars>$(HTTP_COOKIE{x}|'none')$(HTTP_X)|$(nothing)</esi:vars>", "none|$(nothing)"],
    ["a variable in an address", '<esi:include src="/f/$(HTTP_COOKIE{html})"/>', "[/f/%3Cb%3E]"],
    ["a tag that never ends", 'a<esi:include src="/f', undefined],
    ["a variable that never ends", "<esi:vars>$(HTTP_HOST", "$(HTTP_HOST"],
    ["a tag that nobody knows", "a<esi:what x='1'>b</esi:what>c", "abc"],
    ["what closes nothing", "a</esi:remove>b", "ab"],
    [
      "an attempt that does",
      "<esi:try><esi:attempt>a<esi:include src='/f'/></esi:attempt>x<esi:except>b</esi:except></esi:try>c",
      "a[/f]c",
    ],
    [
      "one that fails",
      "<esi:try><esi:attempt>a<esi:include src='/no'/></esi:attempt><esi:except>b<esi:include src='/g'/></esi:except></esi:try>c",
      "b[/g]c",
    ],
  ])("%s", async (_, html, expected) => {
    expect((await put(html)).text).toBe(expected ?? html);
  });
});

describe("what is wrong with a page hides nothing of the rest", () => {
  const rest = "<p>r<esi:include src='/f'/></p>";
  const shown = "<p>r[/f]</p>";
  test.each([
    ["a remove that is never closed", `a<esi:remove>b${rest}`, `ab${shown}`, "unclosed-remove"],
    ["a comment that is never closed", `a<esi:comment text="b">${rest}`, `a${shown}`, "unclosed-comment"],
    ["within another element", `<esi:vars>a<esi:remove>b</esi:vars>${rest}`, `ab${shown}`, "unclosed-remove"],
    ["one in another", `<esi:remove>a<esi:comment>b${rest}`, `ab${shown}`, "unclosed-comment,unclosed-remove"],
    ["one closed in another", `<esi:remove>a<esi:remove>b</esi:remove>${rest}`, `a${shown}`, "unclosed-remove"],
    ["a when outside of a choice", `a<esi:when test="1==2">b</esi:when>${rest}`, `ab${shown}`, "stray-when"],
    ["one that is never closed", `a<esi:when test="1==2">b${rest}`, `ab${shown}`, "stray-when"],
    ["an otherwise", `a<esi:otherwise>b${rest}`, `ab${shown}`, "stray-otherwise"],
    ["an attempt", `a<esi:attempt>b${rest}`, `ab${shown}`, "stray-attempt"],
    ["an except", `a<esi:except>b</esi:except>${rest}`, `ab${shown}`, "stray-except"],
    [
      "a choice that is never closed",
      `<esi:choose> <esi:when test="1==1">a</esi:when><esi:otherwise>b</esi:otherwise>${rest}`,
      `a ${shown}`,
      "unclosed-choose",
    ],
    [
      "a try that is never closed",
      `<esi:try><esi:attempt>a<esi:include src="/no"/></esi:attempt><esi:except>b</esi:except>${rest}`,
      `b${shown}`,
      "unclosed-try",
    ],
    ["an attempt of a choice", `<esi:choose><esi:attempt>a</esi:attempt></esi:choose>${rest}`, shown, "stray-attempt"],
  ])("%s", async (_, html, text, flaws) => {
    for (const cuts of [[], Array.from({ length: html.length }, (_each, index) => index)]) {
      expect(await put(html, { cuts })).toEqual({ text, flaws: flaws.split(",") });
    }
  });

  test("but a branch that isn't taken: nobody can tell where it ends", async () => {
    const html = `a<esi:choose><esi:when test="1==2">b${rest}`;
    expect(await put(html)).toEqual({ text: "a", flaws: ["unclosed-when", "unclosed-choose"] });
  });

  test("what hides more than is held back is taken for never closed, and shown as it comes", async () => {
    const long = "x".repeat(300 << 10);
    const cuts = [1000, 200_000, 290_000];
    const within = await put(`a<esi:remove>${long}</esi:remove><esi:remove>b</esi:remove>${rest}`, { cuts });
    expect(within).toEqual({ text: `a${long}${shown}`, flaws: ["too-long-remove"] });
    const inner = `<esi:vars>$(HTTP_HOST)${long}<esi:try><esi:attempt>y</esi:attempt></esi:try>`;
    const page = await put(`<esi:choose>${inner}</esi:vars>z`, { cuts });
    expect(page).toEqual({ text: `www.example.com${long}yz`, flaws: ["too-long-choose"] });
  });

  test("fragments in what is hidden are not asked for", async () => {
    const seen: string[] = [];
    const ask = async (src: string) => (seen.push(src), answering(src));
    const html = `<esi:remove><esi:include src="/a"/><esi:try><esi:attempt><esi:include src="/b"/></esi:attempt></esi:try></esi:remove>${rest}`;
    expect([await put(html, { ask }), seen]).toEqual([{ text: shown, flaws: [] }, ["/f"]]);
  });
});

test.each([
  ["javascript:alert(1)", ""],
  [" java\tscript:alert(1)", ""],
  ["a\\'b", "a&#92;&#39;b"],
  ["note: x", "note: x"],
])("what a request says begins no script, and escapes no quote: %s", async (said, text) => {
  const visit = asked(`https://www.example.com/?q=${encodeURIComponent(said)}`);
  expect((await put("<esi:vars>$(QUERY_STRING{q})</esi:vars>", { visit })).text).toBe(text);
});

describe("choices", () => {
  const choice = (...tests: string[]) =>
    `<esi:choose> ${tests.map((source, index) => `<esi:when test="${source}">${index}</esi:when>`).join(" ")} <esi:otherwise>-</esi:otherwise></esi:choose>`;

  test.each([
    ["$(HTTP_COOKIE{group})=='gold'", "0"],
    ["$(HTTP_COOKIE{group}) != 'gold'", "-"],
    ["$(QUERY_STRING{a}) >= 1 & $(QUERY_STRING{a})<10", "0"],
    ["10 > 9", "0"],
    ["'10' < '9'", "-"],
    ["'a' < 'b'", "0"],
    ["!($(HTTP_COOKIE{x}))", "0"],
    ["$(HTTP_COOKIE{x})", "-"],
    ["false | true", "0"],
    ["false || false && true", "-"],
    ["$(HTTP_USER_AGENT) has 'Test'", "0"],
    ["", "-"],
    ["&amp;&amp;", "-"],
    ["(1 == 1", "-"],
    ["1 == 1)", "-"],
    [`${"!".repeat(200)}1`, "-"],
  ])("%s", async (source, expected) => {
    expect((await put(choice(source))).text.trim()).toBe(expected);
  });

  test("the first that holds is taken, and what is in the others isn't asked for", async () => {
    const seen: string[] = [];
    const html = `<esi:choose><esi:when test="1==2"><esi:include src="/a"/></esi:when><esi:when test="1==1"><esi:include src="/b"/></esi:when><esi:otherwise><esi:include src="/c"/></esi:otherwise></esi:choose>`;
    const ask = async (src: string) => (seen.push(src), answering(src));
    expect((await put(html, { ask })).text).toBe("[/b]");
    expect(seen).toEqual(["/b"]);
  });

  test("one in another", async () => {
    const inner = choice("1==1");
    expect((await put(`<esi:choose><esi:when test="1==1">${inner}</esi:when></esi:choose>`)).text.trim()).toBe("0");
    expect((await put(`<esi:choose><esi:when test="1==2">${inner}</esi:when></esi:choose>`)).text.trim()).toBe("");
  });

  test("what is no test is told", async () => {
    expect((await put(choice("=="))).flaws).toEqual(["no-test"]);
  });
});

const sample = `<p>ü<esi:include src="/ä" alt='/b'/><!--esi <esi:vars>$(HTTP_COOKIE{html})</esi:vars>--><!-- <esi:remove> --><esi:remove>x</esi:remove><esi:choose><esi:when test="$(HTTP_COOKIE{group})=='gold'">€<esi:include src="/no"/></esi:when></esi:choose><![CDATA[<esi:vars>]]>$(x)--></p>`;

describe("wherever the bytes are cut", () => {
  test("at every one border", async () => {
    const { text } = await put(sample);
    expect(text).toBe("<p>ü[/ä] &lt;b&gt;<!-- <esi:remove> -->€<![CDATA[<esi:vars>]]>$(x)--></p>");
    const { byteLength } = new TextEncoder().encode(sample);
    for (let cut = 1; cut < byteLength; cut++) expect((await put(sample, { cuts: [cut] })).text).toBe(text);
    expect((await put(sample, { cuts: Array.from({ length: byteLength }, (_, index) => index) })).text).toBe(text);
  });

  const bits = [
    "<",
    "esi:",
    "/",
    ">",
    "!--",
    "-->",
    "$(",
    ")",
    '"',
    "'",
    "include src='/f'",
    "remove",
    "choose",
    "when test='1==1'",
    "vars",
    "HTTP_HOST",
    "[CDATA[",
    "]]>",
    "x",
    "ü",
    "try",
    "attempt",
    "except",
    " ",
  ];

  test("of whatever is like a page", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.constantFrom(...bits), { maxLength: 40 }),
        fc.array(fc.nat(200)),
        async (some, cuts) => {
          const html = some.join("");
          expect((await put(html, { cuts })).text).toBe((await put(html)).text);
        },
      ),
      { numRuns: 300 },
    );
  });

  test("a page without a tag keeps every byte", async () => {
    await fc.assert(
      fc.asyncProperty(fc.string({ unit: "binary", maxLength: 200 }), fc.array(fc.nat(200)), async (text, cuts) => {
        fc.pre(!text.includes("<esi:") && !text.includes("</esi:") && !text.includes("<!--esi"));
        expect((await put(text, { cuts })).text).toBe(
          new TextDecoder().decode(new TextEncoder().encode(text)).replace(/^\ufeff/, ""),
        );
      }),
    );
  });
});

describe("streams", () => {
  const attempt = (inner: string, otherwise: string) =>
    `<esi:try><esi:attempt>${inner}</esi:attempt><esi:except>${otherwise}</esi:except></esi:try>`;

  test("what is before a slow fragment is out before it has come", async () => {
    const late = Promise.withResolvers<ReadableStream<Uint8Array>>();
    const parts: string[] = [];
    const { assemble } = await import("../../../src/transform/esi/assemble.ts");
    const { Composer } = await import("../../../src/transform/esi/pieces.ts");
    const { Tokenizer } = await import("../../../src/transform/esi/tokens.ts");
    const [tokenizer, composer] = [new Tokenizer(), new Composer(ann, () => {})];
    const source = {
      push: (chunk: Uint8Array) => composer.push(tokenizer.push(chunk)),
      end: () => [...composer.push(tokenizer.end()), ...composer.end()],
    };
    const body = new Response('before<esi:include src="/f"/>after').body!;
    const reader = assemble(body, source, { ask: () => late.promise, note: () => {}, patience: 5_000 }).getReader();
    const first = await reader.read();
    parts.push(new TextDecoder().decode(first.value));
    expect(parts).toEqual(["before"]);
    late.resolve(new Response("[f]").body!);
    for (let next = await reader.read(); !next.done; next = await reader.read())
      parts.push(new TextDecoder().decode(next.value));
    expect(parts.join("")).toBe("before[f]after");
  });

  test("fragments are asked for together, and come in their order", async () => {
    const asked: string[] = [];
    const turns = new Map<string, PromiseWithResolvers<ReadableStream<Uint8Array>>>();
    const ask = (src: string) => {
      asked.push(src);
      const turn = Promise.withResolvers<ReadableStream<Uint8Array>>();
      turns.set(src, turn);
      if (asked.length === 3) for (const one of ["/c", "/b", "/a"]) turns.get(one)!.resolve(new Response(one).body!);
      return turn.promise;
    };
    const { text } = await put('<esi:include src="/a"/><esi:include src="/b"/><esi:include src="/c"/>', { ask });
    expect(text).toBe("/a/b/c");
  });

  test("what stands in for attempts that fail is asked for together, too", async () => {
    const asked = new Map<string, PromiseWithResolvers<ReadableStream<Uint8Array>>>();
    const ask = async (src: string) => {
      if (src.startsWith("/no")) return undefined;
      const turn = Promise.withResolvers<ReadableStream<Uint8Array>>();
      asked.set(src, turn);
      if (asked.size === 3) for (const one of ["/c", "/b", "/a"]) asked.get(one)!.resolve(new Response(one).body!);
      return turn.promise;
    };
    const fails = '<esi:include src="/no"/>';
    const nested = attempt(fails, attempt(fails, '<esi:include src="/c"/>'));
    const html = `${attempt(fails, '<esi:include src="/a"/>')}-${attempt(fails, '<esi:include src="/b"/>')}-${nested}`;
    expect((await put(html, { ask })).text).toBe("/a-/b-/c");
  });

  test("but not what stands in for an attempt in another one that has failed", async () => {
    const asked: string[] = [];
    const late = Promise.withResolvers<undefined>();
    const ask = async (src: string) => {
      asked.push(src);
      return src === "/late" ? late.promise : undefined;
    };
    const inner = attempt('<esi:include src="/late"/>', '<esi:include src="/instead"/>');
    expect((await put(attempt(`<esi:include src="/no"/>${inner}`, "b"), { ask })).text).toBe("b");
    late.resolve(undefined);
    await new Promise((resolve) => setTimeout(resolve, 10));
    expect(asked).toEqual(["/no", "/late"]);
  });

  test("one that breaks off ends there, and the page goes on", async () => {
    const ask = async () =>
      new ReadableStream<Uint8Array>({
        start: (controller) => controller.enqueue(new TextEncoder().encode("half")),
        pull: (controller) => controller.error(new Error("broken")),
      });
    const page = await put('a<esi:include src="/f"/>b', { ask });
    expect(page).toEqual({ text: "ahalfb", flaws: ["fragment-broke-off"] });
  });

  test("a page that breaks off breaks off", async () => {
    const { assemble } = await import("../../../src/transform/esi/assemble.ts");
    const body = new ReadableStream<Uint8Array>({ pull: (controller) => controller.error(new Error("broken")) });
    const source = { push: () => [], end: () => [] };
    await expect(
      new Response(assemble(body, source, { ask: answering, note: () => {}, patience: 5_000 })).text(),
    ).rejects.toThrow("broken");
  });

  test("an attempt that is too long to hold back goes out", async () => {
    const long = "x".repeat(300 << 10);
    const html = `<esi:try><esi:attempt>${long}<esi:include src='/no'/></esi:attempt><esi:except>b</esi:except></esi:try>c`;
    expect((await put(html, { cuts: [1000, 200_000, 290_000] })).text).toBe(`${long}c`);
  });
});
