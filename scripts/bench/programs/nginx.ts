/** nginx as a cache on disk, which the kernel holds in memory. */
import { writeFileSync } from "node:fs";
import { userInfo } from "node:os";
import { join } from "node:path";
import { startProgram, versionOf } from "./program.ts";
import type { Contestant } from "../contestant.ts";

export const nginx = nginxWith("nginx");

/** What its config says besides: lines at its beginning, and of `http`. */
export interface Besides {
  readonly main?: string;
  readonly http?: string;
}

export function nginxWith(name: string, besides: Besides = {}): Contestant {
  return {
    name,
    version: () => versionOf("nginx", "-v"),
    start: ({ origin, folder }) => {
      const own = folder("nginx");
      return startProgram("nginx", (port) => {
        const config = join(own, "nginx.conf");
        writeFileSync(config, configOf({ origin, folder: own, port, user: userInfo() }, besides));
        return ["-c", config, "-p", own, "-e", "stderr"];
      });
    },
  };
}

interface Served {
  readonly origin: string;
  readonly folder: string;
  readonly port: number;
  readonly user: { readonly username: string; readonly uid: number };
}

/**
 * One process that serves, as each contestant has one. All files are in the folder. As root it would serve as another user, who may
 * not look into that folder.
 */
export function configOf({ origin, folder, port, user }: Served, { main = "", http = "" }: Besides = {}): string {
  const temporary = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"];
  return `${main}daemon off;
worker_processes 1;
pid ${folder}/nginx.pid;
${user.uid === 0 ? `user ${user.username};\n` : ""}events { worker_connections 1024; }
http {
  access_log /dev/null;
${http}${temporary.map((name) => `  ${name}_temp_path ${folder}/${name};`).join("\n")}
  proxy_cache_path ${folder}/cache levels=1:2 keys_zone=bench:16m max_size=256m use_temp_path=off;
  sendfile on;
  tcp_nopush on;
  keepalive_requests 1000000000;
  upstream origin {
    server ${new URL(origin).host};
    keepalive 64;
    keepalive_requests 1000000000;
  }
  server {
    listen 127.0.0.1:${port};
    location / {
      proxy_pass http://origin;
      proxy_http_version 1.1;
      proxy_set_header Connection "";
      proxy_cache bench;
    }
  }
}
`;
}
