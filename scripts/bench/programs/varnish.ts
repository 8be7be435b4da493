/** Varnish with its built-in rules, and its cache in memory. */
import { startProgram, versionOf } from "./program.ts";
import type { Contestant } from "../contestant.ts";

export const varnish: Contestant = {
  name: "Varnish",
  version: () => versionOf("varnishd", "-V"),
  start: ({ origin, folder }) => {
    const own = folder("varnish");
    return startProgram("varnishd", (port) => [
      "-F", // in the foreground
      ...["-j", "none"], // as this user, who owns the folder
      ...["-n", own],
      ...["-T", "none"],
      ...["-a", `127.0.0.1:${port}`],
      ...["-b", new URL(origin).host],
      ...["-s", "malloc,256m"],
      ...["-p", "nuke_limit=100000"], // or a large object finds no room where many small ones were
    ]);
  },
};
