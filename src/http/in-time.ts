/** Waiting, but not for ever. */

/** What the work comes to, or undefined when that takes more than so many milliseconds. It goes on all the same. */
export async function inTime<T>(work: Promise<T>, most: number): Promise<T | undefined> {
  const late = Promise.withResolvers<undefined>();
  const timer = setTimeout(() => late.resolve(undefined), most);
  return Promise.race([work, late.promise]).finally(() => clearTimeout(timer));
}
