/** What may be said of an origin. */
import * as v from "valibot";
import { originName, originUrl, place, whole } from "../forms.ts";
import { healthSchema } from "./health.ts";
import { about, table } from "./parts.ts";

export type OriginInput = v.InferOutput<typeof originSchema>;

export const originSchema = table({
  name: about(originName, "What rules, sites and the log call it. The client sees it only with the setting `trail`."),
  url: about(originUrl, "Where it is: http or https, host, port, and a path that is put before every request's."),
  at: about(
    v.exactOptional(place),
    "Where on Earth it stands: [latitude, longitude] in degrees, or the code of a country. Without it, it is tried after those whose place is known.",
  ),
  weight: about(v.exactOptional(whole(1, 1000), 1), "Its share, beside the weights of the others."),
  priority: about(
    v.exactOptional(whole(0, 100), 0),
    "Those of 0 are asked first; those of a higher number are backups for when all of a lower one are out.",
  ),
  region: about(
    v.exactOptional(originName),
    'Where what it serves may lie, such as "EU", for sites that are kept to regions.',
  ),
  maxConnections: about(
    v.exactOptional(whole(1, 1_000_000)),
    "How many requests at once it takes from one isolate of the edge, before others are preferred.",
  ),
  health: about(
    v.exactOptional(healthSchema),
    "How it is asked whether it is well, by the edge itself and in the background. Needs the binding HEALTH.",
  ),
  drain: about(v.exactOptional(v.boolean(), false), "Whether it gets no new clients; those that stick to it keep it."),
});
