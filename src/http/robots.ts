/** robots.txt (RFC 9309): what is said to crawlers, put together from a policy and the origin's own file. */
import { normalPath } from "./path.ts";
import { hidden, isAnyOf, isEverybody, linesOf, namesIn, type Hiding, type Line } from "./robots-lines.ts";

/** What a policy says to crawlers. */
export interface RobotsPolicy {
  /** Who is to stay away, each with a comment that says who these are. Product tokens. */
  readonly refused: readonly { readonly about: string; readonly tokens: readonly string[] }[];
  /** The value of `Content-Signal` in every group (contentsignals.org). */
  readonly signal: string;
}

/** As much of a file as crawlers have to read (RFC 9309 §2.5). */
export const mostRobotsBytes = 500 * 1024;

/** In any spelling. */
export function isRobotsPath(pathname: string): boolean {
  return pathname.length <= longestSpelling && normalPath(pathname) === "/robots.txt";
}

/** Every character of it percent-encoded. */
const longestSpelling = "/robots.txt".length * 3;

/** Whether a text of another type is one all the same: it is no page, and speaks to crawlers. */
export function isRobotsText(text: string): boolean {
  return !text.trimStart().startsWith("<") && linesOf(text).some(({ key }) => key === "user-agent");
}

/** By these a group's rules begin; whatever else stands between its first lines ends nothing (§2.2). */
const ruleKeys: ReadonlySet<string> = new Set(["allow", "disallow"]);

/** Others that belong to the group that they stand in; all others, such as Sitemap, are for everybody (§2.2.4). */
const groupKeys: ReadonlySet<string> = new Set([
  "crawl-delay",
  "request-rate",
  "visit-time",
  "noindex",
  "content-usage",
]);

/**
 * The policy's groups, and then the origin's file without what it says to those crawlers: a crawler puts all groups of its
 * name together (§2.2.1), and would find an exception there. The signal is in every group in place of the origin's own.
 * @param own the origin's file; "" for none.
 */
export function mergeRobots(policy: RobotsPolicy, own: string, hiding: Hiding): string {
  const refused = new Set(policy.refused.flatMap(({ tokens }) => tokens.map((token) => token.toLowerCase())));
  const kept = keep(own, { refused, signal: `Content-Signal: ${policy.signal}`, hiding });
  const groups = policy.refused.map(({ about, tokens }) =>
    [`# ${about}`, ...tokens.map((token) => `User-agent: ${token}`), "Disallow: /"].join("\n"),
  );
  const everybody = kept.hasEverybody
    ? []
    : [["User-agent: *", `Content-Signal: ${policy.signal}`, "Allow: /"].join("\n")];
  return `${[...groups, ...everybody, ...(kept.text === "" ? [] : [kept.text])].join("\n\n")}\n`;
}

interface Keeping {
  readonly refused: ReadonlySet<string>;
  /** The line that goes into every group. */
  readonly signal: string;
  readonly hiding: Hiding;
}

function keep(own: string, { refused, signal, hiding }: Keeping) {
  const lines: string[] = [];
  /** What stands between a group's first lines and its rules: the signal goes before it. What is the group's own comes last. */
  let [between, ofGroup]: [string[], string[]] = [[], []];
  // Of the group that is being read: whether its rules have begun, and whether anybody is left whom it is for.
  let [isInRules, isKept, hasEverybody] = [true, false, false];
  const end = (...first: readonly string[]): void => {
    for (const line of first) lines.push(line);
    for (const line of between) lines.push(line);
    between = [];
  };
  const begin = (): void => {
    if (!isInRules) end(...(isKept ? [signal, ...ofGroup] : []));
    isInRules = true;
    ofGroup = [];
  };
  for (const line of linesOf(own)) {
    const { key } = line;
    const text = hidden(line, hiding);
    if (key === "user-agent") {
      end();
      if (isInRules) [isInRules, isKept] = [false, false];
      const agents = text === undefined ? [] : agentsOf({ ...line, text }, refused);
      isKept ||= agents.length > 0;
      hasEverybody ||= agents.some(({ name }) => isEverybody(name));
      for (const agent of agents) lines.push(agent.text);
    } else if (ruleKeys.has(key)) {
      begin();
      if (isKept && text !== undefined) lines.push(text);
    } else if (key === "content-signal" || text === undefined) continue;
    else if (groupKeys.has(key)) {
      if (!isInRules) ofGroup.push(text);
      else if (isKept) lines.push(text);
    } else (isInRules ? lines : between).push(text);
  }
  begin();
  return { text: lines.join("\n").trim(), hasEverybody };
}

/** Those of a group's first line who aren't refused, each in a line that every crawler reads. */
function agentsOf({ text, value }: Line, refused: ReadonlySet<string>): readonly { name: string; text: string }[] {
  const names = namesIn(value);
  const kept = names.filter((name) => !isAnyOf(name, refused));
  return kept.map((name) => ({ name, text: names.length === 1 ? text : `User-agent: ${name}` }));
}
