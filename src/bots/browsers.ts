/** What the User-Agents of browsers look like. All that is asked about is in lower case. */

/** What most people send: a word in one of these tells nobody apart. */
export const usual: readonly string[] = [
  "mozilla/5.0 (windows nt 10.0; win64; x64) applewebkit/537.36 (khtml, like gecko) chrome/143.0.0.0 safari/537.36 edg/143.0.0.0",
  "mozilla/5.0 (macintosh; intel mac os x 10_15_7) applewebkit/605.1.15 (khtml, like gecko) version/18.6 safari/605.1.15",
  "mozilla/5.0 (macintosh; intel mac os x 10.15; rv:145.0) gecko/20100101 firefox/145.0",
  "mozilla/5.0 (x11; ubuntu; linux x86_64; rv:145.0) gecko/20100101 firefox/145.0",
  "mozilla/5.0 (x11; cros x86_64 14541.0.0) applewebkit/537.36 (khtml, like gecko) chrome/143.0.0.0 safari/537.36 opr/125.0.0.0",
  "mozilla/5.0 (iphone; cpu iphone os 18_6 like mac os x) applewebkit/605.1.15 (khtml, like gecko) version/18.6 mobile/15e148 safari/604.1",
  "mozilla/5.0 (iphone; cpu iphone os 18_5 like mac os x) applewebkit/605.1.15 (khtml, like gecko) crios/142.0.7444.46 mobile/15e148 safari/604.1",
  "mozilla/5.0 (iphone; cpu iphone os 18_5 like mac os x) applewebkit/605.1.15 (khtml, like gecko) fxios/144.0 mobile/15e148 safari/605.1.15",
  "mozilla/5.0 (ipad; cpu os 18_5 like mac os x) applewebkit/605.1.15 (khtml, like gecko) version/18.5 edgios/142.0.0.0 mobile/15e148 safari/604.1",
  "mozilla/5.0 (linux; android 14; samsung sm-a546b build/up1a; wv) applewebkit/537.36 (khtml, like gecko) samsungbrowser/28.0 chrome/130.0.0.0 mobile safari/537.36 edga/130.0.0.0",
  "mozilla/5.0 (android 15; mobile; rv:145.0) gecko/145.0 firefox/145.0",
  "mozilla/5.0 (compatible; msie 10.0; windows nt 6.2; wow64; trident/6.0)",
  "opera/9.80 (android; opera mini/36.2.2254/191.303; u; en) presto/2.12.423 version/12.16",
];

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

/** The comment in which phones and televisions have their model, and the name that an app built on Chromium puts before that. */
const device =
  /(?<=^mozilla\/5\.0 \()(?:linux; |mobile; |android|smart-?tv; |web0s; )[^()]*(?:\([^()]*\)[^()]*)?(?=\) (?:applewebkit|gecko)\/)/;
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
