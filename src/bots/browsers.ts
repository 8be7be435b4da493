/** What the User-Agents of browsers look like. All that is asked about is in lower case. */

/** Nearly all begin with a comment that tells where they run, and name an engine or a system that there is. */
const opening = /^mozilla\/[2-5]\.\d{1,2} ?(?:\[[a-z-]{2,5}\] ?)?\([^()]*(?:\([^()]*\)[^()]*)*\)/;
const surroundings =
  /applewebkit|gecko|trident|\bmsie\b|presto|khtml|netfront|goanna|windows|macintosh|mac os|\b(?:linux|x11|cros|bb10|psp|palmos)\b|android|iphone|ipad|ipod|bsd|haiku|symbian|blackberry|playstation|nintendo|tizen|web0s|smart-?tv/;

/** Others say this of themselves that are no browsers. */
const compatible = /^mozilla\/5\.0 \(compatible;(?! ?(?:msie |konqueror\/|icab ))/;

/** Those that begin otherwise: Opera as it was, phones with keys, televisions. */
const otherwise =
  /^opera\/\d{1,2}\.\d{1,2} \(|^(?:uc(?:web|browser)|docomo|hbbtv|ibrowse)\/\d|^roku[\w-]{0,16}\/dvp|profile\/midp-\d|^lynx\/\d[\w.]* libwww-fm\/|^e?links(?:\/[\w.]+)? \(/;

/** Of text, or nearly: short as programs' are, so that only the whole tells them. */
const short =
  /^w3m\/[\d.]+(?:\+[\w.]+)?$|^dillo\/[\d.]+$|^mozilla\/4\.0 \(compatible; dillo [\d.]+\)$|^netsurf\/[\d.]+ \([\w .;]+\)$/;

/** Whether it has the shape of a browser's. */
export function isBrowserlike(said: string): boolean {
  return (opening.test(said) && surroundings.test(said) && !compatible.test(said)) || otherwise.test(said);
}

/** Whether the whole of it is one of the few that are short. */
export function isShortBrowser(said: string): boolean {
  return short.test(said);
}

/** The comment in which phones have their model, and the name that an app built on Chromium puts before that. */
const device =
  /(?<=^mozilla\/5\.0 \()(?:linux; |mobile; |android|u; )[^()]*(?:\([^()]*\)[^()]*)?(?=\) (?:applewebkit|gecko)\/)/;
const app = /(?<=like gecko\) )[^()]{1,64}(?= chrome\/[\d.]{1,20} electron\/)/;

/** No device is called so. */
const admission = /(?<!cu)bot|crawl|spider|compatible|https?:|www\.|@/;

/**
 * Without the names that makers give to devices and apps: a phone may be called "Scanner" and a screen "Monitor". What calls
 * itself a bot there, or says where to read about it, is left.
 */
export function withoutDevice(said: string): string {
  const blank = (name: string): string => (admission.test(name) ? name : "device");
  return said.replace(device, blank).replace(app, blank);
}
