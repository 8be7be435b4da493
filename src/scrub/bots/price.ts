/**
 * Pay per crawl, as far as it goes without somebody who takes the money: the price is told, offers are read, and nobody is
 * let in for one. Fields and error codes are those that Cloudflare documents for its own service of that name.
 */
import { refuse, type Answer } from "../../answer.ts";
import type { Fields } from "../../http/fields.ts";

/** Why an offer comes to nothing → the status that goes with it. */
const failures = {
  ConflictingPriceHeaders: 400,
  InvalidCrawlerPriceValue: 400,
  MissingCrawlerPrice: 402,
  InvalidCrawlerExactPrice: 402,
  InvalidCrawlerMaxPrice: 402,
  PaymentFailed: 403, // it would be enough, but there is nobody who could take it
} as const;

type Failure = keyof typeof failures;

/** @param price such as "USD 0.01"; undefined where none is told. */
export function answerOffer(fields: Fields, price: string | undefined): Answer {
  const failure = failureOf(fields, price);
  const told = price === undefined ? {} : { "crawler-price": price };
  return { ...refuse("payment-required", { ...told, "crawler-error": failure }), status: failures[failure] };
}

function failureOf(fields: Fields, price: string | undefined): Failure {
  const [exact, most] = [fields.get("crawler-exact-price"), fields.get("crawler-max-price")];
  if (exact !== undefined && most !== undefined) return "ConflictingPriceHeaders";
  const said = exact ?? most;
  if (said === undefined) return "MissingCrawlerPrice";
  const [offer, wanted] = [parsePrice(said), parsePrice(price ?? "")];
  if (!offer) return "InvalidCrawlerPriceValue";
  const isSameMoney = offer.currency === wanted?.currency;
  if (exact !== undefined)
    return isSameMoney && offer.amount === wanted.amount ? "PaymentFailed" : "InvalidCrawlerExactPrice";
  return isSameMoney && offer.amount >= wanted.amount ? "PaymentFailed" : "InvalidCrawlerMaxPrice";
}

interface Price {
  readonly currency: string;
  readonly amount: number;
}

function parsePrice(text: string): Price | undefined {
  const [, currency, amount] = /^([A-Z]{3}) (\d{1,7}(?:\.\d{1,6})?)$/.exec(text.trim()) ?? [];
  return currency === undefined ? undefined : { currency, amount: Number(amount) };
}
