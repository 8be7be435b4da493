/** Banning for all locations: one Durable Object. Nobody but the Worker reaches it. */
import { DurableObject } from "cloudflare:workers";
import { inTime } from "../../http/in-time.ts";
import type { Banning, Misdeeds, News } from "../../rates.ts";
import { createBanBook, type Ban, type BanBook } from "../memory/banning.ts";

/** What the object answers to. */
interface BansMethods extends Rpc.DurableObjectBranded {
  readonly look: (told: Misdeeds) => Promise<News>;
}

/** Milliseconds until it has answered at most. No visit waits for it. */
const longestSilence = 5_000;

export function createBanning(namespace: DurableObjectNamespace): Banning {
  return {
    async look(told) {
      const stub = namespace.get(namespace.idFromName("bans")) as unknown as BansMethods;
      const news = await inTime(stub.look(told), longestSilence);
      if (news) return news;
      throw new DOMException(`the one who bans said nothing in ${longestSilence} ms`, "TimeoutError");
    },
  };
}

/** Milliseconds from one look for what is over to the next. */
const sweepEvery = 3_600_000;

/** Bans are kept; misdeeds of those that are not banned are in memory alone. */
export class Bans extends DurableObject<object> implements Pick<BansMethods, "look"> {
  #book: BanBook | undefined;

  async look(told: Misdeeds): Promise<News> {
    this.#book ??= this.#open();
    const news = this.#book.look(told);
    if (news.bans.length > 0 && (await this.ctx.storage.getAlarm()) === null) await this.#sweepLater();
    return news;
  }

  override async alarm(): Promise<void> {
    this.#book ??= this.#open();
    if (this.#book.sweep()) await this.#sweepLater();
  }

  async #sweepLater(): Promise<void> {
    await this.ctx.storage.setAlarm(Date.now() + sweepEvery);
  }

  #open(): BanBook {
    const { sql } = this.ctx.storage;
    sql.exec("CREATE TABLE IF NOT EXISTS bans (client TEXT PRIMARY KEY, ban TEXT NOT NULL) WITHOUT ROWID");
    const rows = sql.exec<{ client: string; ban: string }>("SELECT client, ban FROM bans").toArray();
    const bans = rows.map(({ client, ban }) => [client, JSON.parse(ban) as Ban] as const);
    const inOrder = bans.toSorted(([, one], [, other]) => one.number - other.number);
    return createBanBook(
      () => Date.now(),
      new Map(inOrder),
      (client, ban) => {
        if (!ban) sql.exec("DELETE FROM bans WHERE client = ?", client);
        else sql.exec("INSERT OR REPLACE INTO bans (client, ban) VALUES (?, ?)", client, JSON.stringify(ban));
      },
    );
  }
}
