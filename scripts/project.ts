import { join } from "node:path";

/** The project's own directory, whatever the current one is. */
export const root = join(import.meta.dirname, "..");
