/** The command line: `npm run perigee -- COMMAND`, and `npm start` for `start`. */
import { Command } from "commander";
import { botsCommand } from "./commands/bots.ts";
import { accessCommand } from "./commands/access.ts";
import { checkCommand } from "./commands/check.ts";
import { experimentsCommand } from "./commands/experiments.ts";
import { listCommand } from "./commands/list.ts";
import { purgeCommand } from "./commands/purge.ts";
import { redirectsCommand } from "./commands/redirects.ts";
import { schemaCommand } from "./commands/schema.ts";
import { startCommand } from "./commands/start.ts";
import { statusCommand } from "./commands/status.ts";

await new Command("perigee")
  .description("An open CDN in a Worker.")
  .addCommand(startCommand())
  .addCommand(checkCommand())
  .addCommand(listCommand())
  .addCommand(redirectsCommand())
  .addCommand(botsCommand())
  .addCommand(accessCommand())
  .addCommand(experimentsCommand())
  .addCommand(purgeCommand())
  .addCommand(statusCommand())
  .addCommand(schemaCommand())
  .showHelpAfterError("(--help shows how)")
  .parseAsync();
