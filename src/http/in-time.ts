/** Waiting, but not for ever. */

/** What the work comes to, or undefined when that takes more than so many milliseconds. It goes on all the same. */
export async function inTime<T>(work: Promise<T>, most: number): Promise<T | undefined> {
  const late = Promise.withResolvers<undefined>();
  const timer = setTimeout(() => late.resolve(undefined), most);
  return Promise.race([work, late.promise]).finally(() => clearTimeout(timer));
}

/** The same, for work that is often done at once: a timer costs several microseconds, and it needs none then. */
export async function soonOrInTime<T>(work: Promise<T>, most: number): Promise<T | undefined> {
  const soon = await Promise.race([work.then((value) => ({ value })), pass(turnsAtOnce)]);
  return soon ? soon.value : inTime(work, most);
}

/** What waits for nothing outside the isolate is done after fewer turns of its promises. */
const turnsAtOnce = 16;

async function pass(turns: number): Promise<undefined> {
  for (let turn = 0; turn < turns; turn++) await Promise.resolve();
}
