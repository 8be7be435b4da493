/** A map of the planet as SVG: land from Natural Earth, projected when the page is written. */
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { geoGraticule10, geoNaturalEarth1, geoPath } from "d3-geo";
import { feature } from "topojson-client";
import type { Run } from "./run.ts";
import { ms } from "./report.ts";

const width = 960;
const height = 480;

/**
 * Locations coloured by how much longer than at best their visits waited, origins as rings by their size; those that had
 * troubles are told by their tooltips.
 */
export function renderMap({ planet, troubles, tally: { places } }: Run): string {
  const projection = geoNaturalEarth1().fitSize([width, height], { type: "Sphere" });
  const path = geoPath(projection).digits(1);
  const place = ([latitude, longitude]: readonly [number, number]): string => {
    const [x, y] = projection([longitude, latitude])!;
    return `cx="${x.toFixed(1)}" cy="${y.toFixed(1)}"`;
  };
  const origins = planet.origins.map(({ name, at, workers, work }, index) => {
    const had = troubles.filter((trouble) => trouble.origins.has(index)).map(({ kind }) => kind);
    const told = [`origin ${name}: ${workers} workers, ${ms(work)} ms of work`, ...had].join(", ");
    const radius = (2 + Math.sqrt(workers) / 2).toFixed(1);
    return `<circle ${place(at)} r="${radius}" class="origin${had.length > 0 ? " troubled" : ""}"><title>${told}</title></circle>`;
  });
  const locations = planet.locations.map(({ code, at, share }, index) => {
    const [took, best] = [places.took[index]!, places.best[index]!].map((sum) => sum / places.fetches[index]!);
    const excess = took! / best!;
    const told = `${code}: ${ms(took!)} ms, ${ms(best!)} at best`;
    const radius = (1.5 + Math.sqrt(share * planet.locations.length)).toFixed(1);
    return `<circle ${place(at)} r="${radius}" class="location ${gradeOf(excess)}"><title>${told}</title></circle>`;
  });
  return `<svg class="map" viewBox="0 0 ${width} ${height}" role="img" aria-label="Map of locations and origins">
<path class="sea" d="${path({ type: "Sphere" })}"/>
<path class="grid" d="${path(geoGraticule10())}"/>
<path class="land" d="${path(land())}"/>
${[...locations, ...origins].join("\n")}
</svg>`;
}

/** Up to so many times the best, by the class that the page gives a colour to. */
export const grades: readonly (readonly [name: string, upTo: number])[] = [
  ["good", 1.05],
  ["fair", 1.25],
  ["poor", Number.POSITIVE_INFINITY],
];

function gradeOf(excess: number): string {
  return grades.find(([, upTo]) => excess <= upTo)?.[0] ?? "none";
}

function land() {
  const path = fileURLToPath(import.meta.resolve("world-atlas/land-110m.json"));
  const topology = JSON.parse(readFileSync(path, "utf8")) as Parameters<typeof feature>[0];
  return feature(topology, topology.objects["land"]!);
}
