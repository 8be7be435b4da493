/** The command line: `npm run perigee -- COMMAND`, and `npm start` for `start`. */
import { Command } from "commander";
import { startCommand } from "./commands/start.ts";

await new Command("perigee")
  .description("An open CDN in a Worker.")
  .addCommand(startCommand())
  .showHelpAfterError("(--help shows how)")
  .parseAsync();
