/** The ends of elements that edits wait for: a page may leave their end tags out (HTML §13.1.2.4), or end before them. */

/** What is to be done where an element ends. */
export interface Work {
  /** Its name, in lower case. */
  readonly tag: string;
  ending: "kept" | "removed" | "unwrapped";
  /** What was in it is gone. */
  isEmptied: boolean;
  /** HTML to put at its end. */
  append: string;
  /** HTML to put after it. */
  after: string;
  /** The parser was told of it anew: to write its end tag is up to us. */
  isResumed: boolean;
}

const asHtml = { html: true } as const;

/** The attribute of start tags that only tell a parser what is open. */
const mark = "perigee-resumed";

/** A parser that begins inside of these would give up again. */
const unresumable: ReadonlySet<string> = new Set(["select", "frameset", "template", "colgroup", "table"]);

/** The name that a removed end tag gets, so that it is known again. */
const written = "perigee-written";

export class Ends {
  /** What is open, the innermost last. */
  #open: Work[] = [];
  /** Of the element whose start tag is being dealt with. */
  #current: Work | undefined;
  #toResume: Work[] = [];
  /** The end tag that is being dealt with: its name, what stands for it, and whether it is removed. */
  #atTag = { name: "", text: "", isGone: false };

  get isWithinRemoved(): boolean {
    return this.#open.some(isHidden);
  }

  /** The work for an element, of one edit or several. */
  workOf({ tagName }: Element): Work {
    const tag = tagName.toLowerCase();
    return (this.#current ??= { tag, ending: "kept", isEmptied: false, append: "", after: "", isResumed: false });
  }

  /** Before any edit. */
  begin(rewriter: HTMLRewriter): void {
    rewriter.on(`[${mark}]`, { element: (element) => this.#resumeOne(element) });
  }

  /** After all edits. @param selectors of the elements whose ends matter. */
  watch(rewriter: HTMLRewriter, selectors: readonly string[]): void {
    if (selectors.length > 0) rewriter.on(selectors.join(", "), { element: (element) => this.#wait(element) });
  }

  /** At the end of the page. */
  finish(rewriter: HTMLRewriter, isOver: () => boolean): void {
    rewriter.onDocument({ end: (end) => void (isOver() && this.#finish(end)) });
  }

  resume(): string {
    this.#toResume = this.#open.filter(({ tag }) => !unresumable.has(tag));
    return this.#toResume.map(({ tag }) => `<${tag} ${mark}>`).join("");
  }

  #wait(element: Element): void {
    const work = this.#current;
    this.#current = undefined;
    if (!work) return;
    try {
      element.onEndTag((tag) => this.#close(work, tag));
      this.#open.push(work);
    } catch {
      element.after(work.after, asHtml); // it has no end tag
    }
  }

  #resumeOne(element: Element): void {
    const work = this.#toResume.shift();
    if (!work) return;
    work.isResumed = true;
    if (isHidden(work)) element.remove();
    else element.removeAndKeepContent();
    element.onEndTag((tag) => this.#close(work, tag));
  }

  /**
   * At the end tag of the element, or of one that it is in: the parser asks for the innermost first. It takes the tag for that of
   * whatever is removed, with all that was put beside it by then.
   */
  #close(work: Work, tag: EndTag): void {
    this.#open = this.#open.filter((other) => other !== work);
    if (tag.name !== written) this.#atTag = { name: tag.name.toLowerCase(), text: "", isGone: false };
    const { name } = this.#atTag;
    const isOwn = name === work.tag;
    this.#atTag.isGone ||= work.ending !== "kept" || work.isResumed;
    if (!this.#atTag.isGone) {
      tag.before(isOwn ? work.append : work.append + work.after, asHtml);
      if (isOwn) tag.after(work.after, asHtml);
      return;
    }
    const end = isOwn && work.ending === "kept" ? `</${name}>` : "";
    this.#atTag.text += work.append + end + work.after;
    tag.remove();
    tag.name = written;
    tag.before(isOwn ? this.#atTag.text : `${this.#atTag.text}</${name}>`, asHtml);
  }

  /** What the page never closed. */
  #finish(end: DocumentEnd): void {
    const hidden = this.#open.findIndex(isHidden);
    const reached = hidden === -1 ? this.#open : this.#open.slice(0, hidden + 1);
    for (const { append, after } of reached.toReversed()) end.append(append + after, asHtml);
    this.#open = [];
  }
}

/** Nothing in it is shown. */
function isHidden({ ending, isEmptied }: Work): boolean {
  return ending === "removed" || isEmptied;
}
