/** The texts an origin of the demo serves. */

/** What each path shows, for the index. */
const shown: readonly (readonly [path: string, what: string])[] = [
  ["/echo", "the request as the origin saw it"],
  ["/page.html", "30 KB of HTML with links to the origin's own address"],
  ["/asset.css?v=1", "a stylesheet, cacheable for an hour"],
  ["/bytes/1000000", "a million bytes, in ranges if you like"],
  ["/slow?ms=2000", "an answer that takes two seconds"],
  ["/status/404", "any status"],
  ["/private", "cookies, and an answer for you alone"],
  ["/events", "an event a second"],
];

/** Links to everything. */
export function indexPage(origin: string): string {
  const items = shown.map(([path, what]) => `    <li><a href="${path}">${path}</a>: ${what}</li>`).join("\n");
  return `<!doctype html>
<html lang="en">
  <head><meta charset="utf-8"><title>Perigee demo: ${origin}</title><link rel="stylesheet" href="/asset.css"></head>
  <body>
  <h1>Served by ${origin}</h1>
  <ul>
${items}
    <li>/ws: a WebSocket that says back what it is told</li>
  </ul>
  </body>
</html>
`;
}

const paragraphs = 52;

/** About 30 KB of HTML whose links are absolute, to the origin's own address. */
export function longPage(origin: string, base: string): string {
  const sections = Array.from({ length: paragraphs }, (_, index) => section(index + 1, base)).join("\n");
  return `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8">
    <title>A long page from ${origin}</title>
    <link rel="canonical" href="${base}/page.html">
    <link rel="stylesheet" href="${base}/asset.css">
  </head>
  <body>
    <h1>A long page from ${origin}</h1>
${sections}
    <form action="${base}/echo" method="post"><button>Send</button></form>
  </body>
</html>
`;
}

function section(number: number, base: string): string {
  return `    <section id="part-${number}">
      <h2><a href="${base}/page.html#part-${number}">Part ${number}</a></h2>
      <p>The perigee is the point of an orbit at which a body is nearest the Earth. A satellite moves fastest there, and
      a signal has the shortest way to go: what holds for a satellite's ${number * 100} km holds for a page and its reader.</p>
      <p><a href="${base}/echo?from=${number}">What the origin sees</a>, <a href="/asset.css?v=${number}">a stylesheet</a>,
      <img src="${base}/status/204?picture=${number}" alt="nothing to see"></p>
    </section>`;
}

/** About 2 KB of CSS; every version has a body of its own. */
export function stylesheet(version: string): string {
  const shades = Array.from({ length: 40 }, (_, index) => `.shade-${index} { color: hsl(${index * 9} 60% 40%); }`);
  // A comment that a version can't end.
  return `/* version ${version.replaceAll("*/", "")} */\nbody { font-family: sans-serif; max-width: 60em; margin: auto; }\n${shades.join("\n")}\n`;
}
