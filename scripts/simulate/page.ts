/** The figures as one page that needs nothing else: no network, no other file. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Figures } from "./figures.ts";
import { grades, renderMap } from "./map.ts";
import {
  ms,
  percent,
  phaseCells,
  phaseHeadings,
  recoveryCells,
  recoveryHeadings,
  renderVerdict,
  siteOf,
} from "./report.ts";
import type { Run } from "./run.ts";
import { plotsOf } from "./series.ts";

export function renderPage(run: Run, figures: Figures): string {
  const { options, verdicts, whole, calm, loads } = figures;
  const { visits, minutes, locations, origins, seed } = options;
  const plots = plotsOf(run, figures);
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Perigee: a simulated planet</title>
<style>${file(import.meta.resolve("uplot/dist/uPlot.min.css"))}${own("page.css")}</style>
</head>
<body>
<h1>Perigee: a simulated planet</h1>
<p>${visits.toLocaleString("en")} visits in ${minutes} minutes of its own time, ${locations} locations, ${origins} origins,
<b>${escaped(siteOf(options))}</b>, seed ${seed}. docs/SIMULATION.md says what is simulated, and how.</p>
<dl>
<div><dt>mean against the best, in calm</dt><dd>${renderVerdict(verdicts.calm)}</dd></div>
<div><dt>mean against the best, over all</dt><dd>${renderVerdict(verdicts.whole)}</dd></div>
<div><dt>mean, at best</dt><dd>${ms(calm.mean)} ms, ${ms(calm.best)} ms</dd></div>
<div><dt>hits</dt><dd>${percent(whole.hitRatio)}</dd></div>
<div><dt>visits without an answer</dt><dd>${whole.failed.toLocaleString("en")} (${percent(whole.failed / whole.visits)})</dd></div>
<div><dt>tried again</dt><dd>${percent(whole.again)} of tries</dd></div>
<div><dt>origins at work</dt><dd>${percent(loads.middle)} in the median, ${percent(loads.peak)} at most in a minute</dd></div>
</dl>
<h2>Where</h2>
${renderMap(run)}
<p class="legend">Locations by how long their visits waited, in times of the best possible: ${legend()}.
Rings are origins by their size; <span class="key troubled">those</span> had troubles.</p>
<h2>When</h2>
<p class="legend">Shaded: a region of origins in trouble.</p>
${plots.map(({ title, note }, index) => `<figure><figcaption><b>${title}</b> ${note}</figcaption><div class="plot" id="plot-${index}"></div></figure>`).join("\n")}
<h2>Figures</h2>
${table(phaseHeadings, [...figures.phases, whole].map(phaseCells))}
${table(recoveryHeadings, figures.troubles.map(recoveryCells))}
<script>${file(import.meta.resolve("uplot/dist/uPlot.iife.min.js"))}</script>
<script>const plots = ${JSON.stringify(plots)};
${own("plots.js")}</script>
</body>
</html>
`;
}

function legend(): string {
  return grades
    .map(([name, upTo]) => `<span class="key ${name}">${Number.isFinite(upTo) ? `≤ ${upTo}` : "more"}</span>`)
    .join(" ");
}

function table(headings: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[], tag: string): string =>
    `<tr>${cells.map((cell) => `<${tag}>${escaped(cell)}</${tag}>`).join("")}</tr>`;
  return `<div class="wide"><table>${line(headings, "th")}${rows.map((row) => line(row, "td")).join("\n")}</table></div>`;
}

function escaped(text: string): string {
  return text.replace(/[&<>"]/g, (character) => `&#${character.charCodeAt(0)};`);
}

function file(url: string): string {
  return readFileSync(fileURLToPath(url), "utf8");
}

function own(name: string): string {
  return readFileSync(join(import.meta.dirname, name), "utf8");
}
