/** How a command that started other processes ends: with all of them. */

/**
 * Makes signals end this process by `process.exit`, whose "exit" event stops what was started. Set it before anything is
 * started, so that this decides the exit code: 0 for SIGTERM, which is how a server is told to stop; 130 for Ctrl-C,
 * which a shell's loop must notice.
 */
export function endProperly(): void {
  process.on("SIGTERM", () => process.exit(0));
  process.on("SIGHUP", () => process.exit(129));
  process.on("SIGINT", () => process.exit(130));
  if (process.env["npm_lifecycle_event"] !== undefined) endWithParent();
}

/** npm passes a signal on to the shell between it and us, which dies of it without a word. */
function endWithParent(): void {
  const parent = process.ppid;
  setInterval(() => process.ppid === parent || process.exit(0), 100).unref();
}
