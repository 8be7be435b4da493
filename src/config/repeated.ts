/** What may be there once, and is there twice. */
import type { Parsed } from "./parse.ts";
import type { Problem } from "./problem.ts";
import { show } from "./read.ts";
import type { ExperimentInput } from "./schema/experiment.ts";
import type { OriginInput } from "./schema/origin.ts";
import type { SiteInput } from "./schema/site.ts";
import { nameOf } from "./site.ts";

/** Names and hosts that two pieces claim. */
export function findRepeated({ origins, sites, experiments }: Naming): Problem[] {
  const hosts = sites.flatMap(({ at, value }) =>
    value.hosts.map((host, index) => ({ at: `${at}.hosts[${index}]`, value: host })),
  );
  return [
    ...repeated(origins.map(({ at, value }) => ({ at: `${at}.name`, value: value.name }))),
    ...repeated(sites.map(({ at, value }) => ({ at: `${at}.name`, value: nameOf(value) }))),
    ...repeated(hosts),
    ...repeated(experiments.map(({ at, value }) => ({ at: `${at}.name`, value: value.name }))),
    ...experiments.flatMap(({ at, value: { variants } }) =>
      repeated(variants.map(({ name }, index) => ({ at: `${at}.variants[${index}].name`, value: name }))),
    ),
  ];
}

/** What has names of which there may not be two. */
interface Naming {
  readonly origins: readonly Parsed<OriginInput>[];
  readonly sites: readonly Parsed<SiteInput>[];
  readonly experiments: readonly Parsed<ExperimentInput>[];
}

function repeated(claims: readonly Omit<Parsed<string>, "written">[]): Problem[] {
  return [...Map.groupBy(claims, ({ value }) => value).values()].flatMap(([first, ...others]) =>
    others.map(({ at, value }) => ({ at, says: `${show(value)} is taken already, by ${first!.at}.` })),
  );
}
