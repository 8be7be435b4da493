/** How images are to come, in the platform's words. Types only. */

/** What is asked of the platform. */
export interface ImageOptions {
  /** Pixels. */
  readonly width?: number;
  readonly height?: number;
  readonly fit?: (typeof fits)[number];
  /** From 1 to 100. */
  readonly quality?: number;
  /** Undefined: as it is. */
  readonly format?: ImageFormat;
  readonly metadata?: (typeof metadataKinds)[number];
}

export type ImageFormat = (typeof formats)[number];

export const formats = ["avif", "webp", "jpeg"] as const;
export const fits = ["scale-down", "contain", "cover", "crop", "pad"] as const;
export const metadataKinds = ["keep", "copyright", "none"] as const;

/** As a rule has it. */
export interface ImageRule extends Omit<ImageOptions, "format"> {
  /** "auto": the best that the client says it takes. */
  readonly format: ImageFormat | "auto" | "original";
}
