/** A person's browser in a story: it goes to pages, keeps cookies, and says what browsers say of themselves. */
import type { VisitOptions, World } from "./world.ts";

let browsers = 0;

export interface Browser {
  readonly cookies: Map<string, string>;
  /** Goes to a page. */
  readonly go: (target: string, options?: VisitOptions) => Promise<Response>;
  /** Asks for something that a page of the same origin needs. */
  readonly fetch: (target: string, options?: VisitOptions) => Promise<Response>;
  /** `navigator.sendBeacon`. */
  readonly beacon: (event: string, options?: VisitOptions) => Promise<Response>;
}

/** Each has an address of its own. */
export function createBrowser(world: World): Browser {
  const cookies = new Map<string, string>();
  const number = (browsers += 1);
  const from = { ip: `10.${number >> 16}.${(number >> 8) & 255}.${number & 255}`, country: "DE" };
  const visit = async (target: string, { headers, ...options }: VisitOptions): Promise<Response> => {
    const cookie = [...cookies].map((pair) => pair.join("=")).join("; ");
    const sent = { "user-agent": chrome, ...(cookie !== "" && { cookie }), ...headers };
    const response = await world.visit(target, { from, ...options, headers: sent });
    for (const line of response.headers.getSetCookie()) {
      const [pair = ""] = line.split(";");
      const at = pair.indexOf("=");
      cookies.set(pair.slice(0, at), pair.slice(at + 1));
    }
    await response.clone().arrayBuffer();
    return response;
  };
  return {
    cookies,
    go: async (target, options) => visit(target, { ...options, headers: { ...navigation, ...options?.headers } }),
    fetch: async (target, options) => visit(target, { ...options, headers: { ...within, ...options?.headers } }),
    beacon: async (event, options) =>
      visit("/.perigee/event", {
        method: "POST",
        body: event,
        ...options,
        headers: { ...within, origin: "https://www.example.com", ...options?.headers },
      }),
  };
}

/** What it calls itself. */
export const chrome =
  "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36";

const navigation = {
  "sec-fetch-mode": "navigate",
  "sec-fetch-dest": "document",
  "sec-fetch-site": "none",
  "accept-language": "en",
};

const within = {
  "sec-fetch-mode": "cors",
  "sec-fetch-dest": "empty",
  "sec-fetch-site": "same-origin",
  "accept-language": "en",
};
