/** What a path looks like to whoever set up a cache, and what the answer says it is. */
import { essence } from "./media-type.ts";
import type { Fields } from "./fields.ts";

const script = ["text/javascript", "application/javascript", "application/x-javascript", "application/ecmascript"];
const image = ["image/"];
const font = ["font/", "application/font-", "application/x-font-", "application/vnd.ms-fontobject"];
const media = ["audio/", "video/", "application/ogg", "application/mp4"];
const archive = ["application/"];

/**
 * Extension → beginnings of the media types that go with it.
 */
const typesOf: ReadonlyMap<string, readonly string[]> = new Map([
  ...of("css", "text/css"),
  ...of("js mjs cjs", ...script),
  ...of("map", "application/json", "application/javascript"),
  ...of("wasm", "application/wasm"),
  ...of("png jpg jpeg jpe gif webp avif jxl bmp tif tiff heic ico cur svg svgz", ...image),
  ...of("woff woff2 ttf otf eot", ...font),
  ...of("mp3 m4a aac flac wav ogg oga opus mp4 m4v webm mov ogv", ...media),
  ...of("pdf", "application/pdf", "application/x-pdf"),
  ...of("zip gz tgz bz2 xz zst 7z rar tar jar dmg exe msi deb rpm apk iso doc docx xls xlsx ppt pptx", ...archive),
]);

/** Types of pages and data, which no archive or document has though they begin like one. */
const pages: ReadonlySet<string> = new Set(["application/xhtml+xml", "application/json", "application/ld+json"]);
/** What servers give to extensions that they don't know. */
const unspecific: ReadonlySet<string> = new Set(["", "text/plain", "application/octet-stream", "binary/octet-stream"]);

function of(extensions: string, ...types: readonly string[]): readonly (readonly [string, readonly string[]])[] {
  return extensions.split(" ").map((extension) => [extension, types] as const);
}

/**
 * Whether the answer is the static file that the path looks like: "deceptive" when the path ends as one and the type is
 * another's, such as `/account/x.css` that says `text/html`; "unspecific" when the type is nobody's, so that it shows nothing;
 * undefined when the path looks like none.
 * @param path in its plain spelling: rules and origins take `x%2ecss` for `x.css`.
 */
export function fileOf(path: string, answer: Fields): "genuine" | "unspecific" | "deceptive" | undefined {
  const extension = extensionsOf(path).find((each) => typesOf.has(each));
  if (extension === undefined) return undefined;
  const expected = typesOf.get(extension)!;
  const type = essence(answer.get("content-type"));
  if (unspecific.has(type)) return "unspecific";
  const fits = expected.some((beginning) => type.startsWith(beginning));
  return fits && (expected.includes(type) || !pages.has(type)) ? "genuine" : "deceptive";
}

/** Whether a path in its plain spelling ends as a static file's. */
export function isFilePath(path: string): boolean {
  return extensionsOf(path).some((each) => typesOf.has(each));
}

/**
 * What the path's last segment ends with, in lower case, as anybody may read it: with or without what follows `;`, `?` or
 * `#` there, which stand escaped in `/account%3bx.css` and `/x.css%3fa`.
 */
function extensionsOf(path: string): readonly string[] {
  const parts = path.slice(path.lastIndexOf("/") + 1).split(/;|%3b|%3f|%23/i);
  return [parts.at(-1)!, parts[0]!].map((part) => part.slice(part.lastIndexOf(".") + 1).toLowerCase());
}
