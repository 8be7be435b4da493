/**
 * Marks that every location knows, over KV. Each mark has a key of its own, so that writers in different locations never
 * overwrite each other's, and everything about it stands in the key's metadata, so that one listing tells all. A listing
 * costs ten times what a read does: so one more key says whether anything has changed, and only then is listed.
 */
import type { Edge, Mark, Marks } from "../../edge.ts";
import { createMarkView, folded } from "../memory/mark-view.ts";

/** Milliseconds after which KV shows a write in every location. */
export const propagation = 60_000;

/** Milliseconds that a visit waits for the marks at most. KV that fails must not stop the edge. */
const longestWait = 2_000;

/** As many marks are kept in KV; those held in memory may be as many, and as many again that were dropped meanwhile. */
const most = 1_000;

/** Marks that a newer one on everything has made needless, taken out at one addition. */
const mostDeleted = 50;

/** KV takes one write a second for each key. Milliseconds between tries, and how many there are. */
const pause = 1_100;
const tries = 4;

const keyPrefix = "mark:";
const changedKey = "changed";

/** Seconds for which a location may serve a read from its own cache: the least that KV allows. */
const cacheTtl = 30;

export interface MarksOptions {
  readonly now: Edge["now"];
  readonly defer: Edge["defer"];
  /** Milliseconds from one look at KV to the next, while there are visits. */
  readonly refresh: number;
}

/**
 * Looks at KV when the last look is `refresh` ago, behind the visits' backs; a visit waits only for the first look, and
 * after a pause of twice as long, so that a view older than that is never used.
 */
export function createKvMarks(namespace: KVNamespace, { now, defer, refresh }: MarksOptions): Marks {
  const view = createMarkView(2 * most);
  let lookedAt = Number.NEGATIVE_INFINITY;
  let looking: Promise<void> | undefined;
  let change: string | null | undefined;

  const look = async (): Promise<void> => {
    const startedAt = now();
    const latest = await namespace.get(changedKey, { cacheTtl });
    // A listing may be older than the change that was seen: so it is repeated until it can't be any more.
    if (latest !== change || startedAt < Number(latest) + 2 * propagation)
      for (const { mark } of await list(namespace)) view.record(mark);
    change = latest;
    lookedAt = startedAt;
  };
  const begin = (): Promise<void> => {
    looking ??= look()
      .catch((error: unknown) => {
        // What is known stays in force; the next look comes after the usual time.
        lookedAt = now();
        console.error("The purges in KV can't be read:", error);
      })
      .finally(() => (looking = undefined));
    defer(looking);
    return looking;
  };

  return {
    covering: view.covering,
    change: view.change,

    current() {
      const age = now() - lookedAt;
      if (age < refresh) return undefined;
      const begun = looking ?? begin();
      return age < 2 * refresh ? undefined : Promise.race([begun, scheduler.wait(longestWait)]);
    },

    async add(marks) {
      for (const mark of marks) view.record(mark);
      await Promise.all(marks.map((mark) => write(namespace, mark)));
      await patiently(() => namespace.put(changedKey, String(now())));
      defer(tidy(namespace));
    },

    everywhereWithin: propagation + 2 * refresh,
  };
}

interface Kept {
  readonly key: string;
  readonly mark: Mark;
}

async function list(namespace: KVNamespace): Promise<readonly Kept[]> {
  const kept: Kept[] = [];
  for (let cursor: string | undefined, done = false; !done;) {
    const page = await namespace.list<Mark>({ prefix: keyPrefix, ...(cursor !== undefined && { cursor }) });
    for (const { name, metadata } of page.keys) if (isMark(metadata)) kept.push({ key: name, mark: metadata });
    done = page.list_complete;
    cursor = page.list_complete ? undefined : page.cursor;
  }
  return kept;
}

/** Under one key for each name, where the newer replaces the older. */
async function write(namespace: KVNamespace, mark: Mark): Promise<void> {
  const name = new TextEncoder().encode(`${mark.soft} ${mark.name}`);
  const digest = await crypto.subtle.digest("SHA-256", name);
  const hex = Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, "0")).join("");
  await patiently(() => namespace.put(`${keyPrefix}${mark.scope}:${hex}`, "", { metadata: mark }));
}

/**
 * Keeps their number within bounds: too many are folded into one on everything, and what that one makes needless is
 * taken out at a later addition, when every location has it.
 */
async function tidy(namespace: KVNamespace): Promise<void> {
  const kept = await list(namespace);
  const everything = Math.max(
    ...kept.map(({ mark }) => (mark.scope === "all" && !mark.soft ? mark.at : Number.NEGATIVE_INFINITY)),
  );
  const isNeedless = ({ mark }: Kept): boolean => mark.at <= everything && (mark.scope !== "all" || mark.soft);
  const [needless, needed] = [kept.filter(isNeedless), kept.filter((each) => !isNeedless(each))];
  if (needed.length > most) await write(namespace, folded(needed.map(({ mark }) => mark))[0]!);
  await Promise.all(needless.slice(0, mostDeleted).map(({ key }) => namespace.delete(key)));
}

/** Again after a pause when KV refuses: another writer may just have written under the same key. */
async function patiently(write: () => Promise<void>): Promise<void> {
  for (let left = tries - 1; ; left -= 1) {
    try {
      return await write();
    } catch (error) {
      if (left === 0) throw error;
      await scheduler.wait(pause);
    }
  }
}

const scopes: ReadonlySet<unknown> = new Set<Mark["scope"]>(["url", "tag", "prefix", "site", "group", "all"]);

/** What somebody else may have put there is no mark. */
function isMark(metadata: unknown): metadata is Mark {
  if (typeof metadata !== "object" || metadata === null) return false;
  const { scope, name, at, soft } = metadata as Partial<Record<keyof Mark, unknown>>;
  return scopes.has(scope) && typeof name === "string" && Number.isFinite(at) && typeof soft === "boolean";
}
