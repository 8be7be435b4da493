/** Facts about status codes that several rooms go by. */

/** Their answers have no content, and the platform refuses a body with them (RFC 9110 §6.4.1, §15.2, §15.3, §15.4.5). */
export const withoutContent: ReadonlySet<number> = new Set([101, 204, 205, 304]);

/** By these a server says that it can't answer now (RFC 9110 §15.6.3–5); another one may. */
export const passing: ReadonlySet<number> = new Set([502, 503, 504]);
