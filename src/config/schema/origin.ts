/** What may be said of an origin. */
import * as v from "valibot";
import { originName, originUrl, place } from "../forms.ts";
import { about, table } from "./parts.ts";

export type OriginInput = v.InferOutput<typeof originSchema>;

export const originSchema = table({
  name: about(originName, "What rules, sites and the log call it. The client sees it only with the setting `trail`."),
  url: about(originUrl, "Where it is: http or https, host, port, and a path that is put before every request's."),
  at: about(
    v.exactOptional(place),
    "Where on Earth it stands: [latitude, longitude] in degrees, or the code of a country. Without it, it is tried after those whose place is known.",
  ),
});
