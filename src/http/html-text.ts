/** Text in HTML documents. */

const entities: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

/** Signs that have names, and a meaning in addresses. */
const named: Readonly<Record<string, string>> = {
  sol: "/",
  bsol: "\\",
  colon: ":",
  period: ".",
  commat: "@",
  Tab: "\t",
  NewLine: "\n",
};

const references = /&(?:#(\d{1,7})|#x([\da-f]{1,6})|(sol|bsol|colon|period|commat|Tab|NewLine)(?=;));?/gi;

/** Whether an attribute's value has character references (HTML §13.1.4) that may disguise an address. */
export function hasReferences(text: string): boolean {
  return /&(?:#|sol;|bsol;|colon;|period;|commat;|Tab;|NewLine;)/.test(text);
}

/** The value without those that stand for ASCII; an ampersand is left as it is written, and so every other reference means what it did. */
export function withoutReferences(text: string): string {
  return text.replace(references, (written, decimal?: string, hex?: string, name?: string) => {
    if (name !== undefined) return named[name] ?? written;
    const code = decimal === undefined ? Number.parseInt(hex!, 16) : Number(decimal);
    return code === 0 || code === 0x26 || code > 0x7f ? written : String.fromCharCode(code);
  });
}

/** A text as it stands between tags, or in an attribute's quotes. */
export function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => entities[character]!);
}
