/** How a rule has images come. */
import * as v from "valibot";
import { whole } from "../forms.ts";
import { fits, formats, metadataKinds } from "../image.ts";
import { about, table } from "./parts.ts";

/** What the platform takes at most, either way. */
const mostPixels = 12_000;

export const imageSchema = table({
  width: about(v.exactOptional(whole(1, mostPixels)), "Pixels."),
  height: about(v.exactOptional(whole(1, mostPixels)), "Pixels."),
  fit: about(
    v.exactOptional(v.picklist(fits)),
    'How it is put into width and height; the platform\'s "scale-down" unless set.',
  ),
  quality: about(v.exactOptional(whole(1, 100)), "From 1 to 100."),
  format: about(
    v.exactOptional(v.picklist(["auto", ...formats, "original"]), "auto"),
    '"auto": AVIF or WebP for clients that say they take it, and for others as it is.',
  ),
  metadata: about(
    v.exactOptional(v.picklist(metadataKinds)),
    'What stays of what is said of it; "copyright" unless set.',
  ),
});
