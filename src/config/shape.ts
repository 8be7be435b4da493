/** What rules do to bodies. Types only. */
import type { Text } from "./model.ts";
import type { Groups, Searcher } from "./search.ts";

/** A text that is the same for everyone, or one that is made for each visit. */
export type Wording = string | Text;

/** What one rule does to bodies in one of the ways there are. */
export type Shape = EsiShape | HtmlShape | TextShape;

/** What all ways have in common. */
interface Shaping {
  /** Names what is done, and nothing else: shapes of the same name do the same to the same body for the same visit. */
  readonly id: string;
  /**
   * On which side of the store it is done. Before: once, for all who are under the same shapes, whose names are a part of the
   * key. After: for each visit anew, because some of its texts are made for one.
   */
  readonly side: "before" | "after";
}

/** Edge Side Includes are followed. */
export interface EsiShape extends Shaping {
  readonly kind: "esi";
  /** Milliseconds that a fragment may take to its header. */
  readonly timeout: number;
  /** How many fragments a page may have, those of fragments among them. */
  readonly fragments: number;
  /** How deep they may lie in each other. */
  readonly depth: number;
}

/** Edits of the elements of HTML pages. */
export interface HtmlShape extends Shaping {
  readonly kind: "html";
  readonly edits: readonly HtmlEdit[];
  /** The types of scripts that hold JSON in which the origins' addresses are mapped. */
  readonly scripts?: readonly string[];
  /** Scripts and styles get the visit's nonce. */
  readonly nonce?: true;
}

/** What becomes of the elements that a selector names. */
export interface HtmlEdit {
  /** A CSS selector. */
  readonly at: string;
  /** Only of the first such element of a page. */
  readonly first: boolean;
  /** Attributes that it gets, or loses. */
  readonly attributes: readonly (readonly [name: string, value: Wording | false])[];
  /** Where text is put, and which, as HTML. */
  readonly put: readonly (readonly [place: HtmlPlace, text: Wording])[];
  /** What becomes of the element itself: it goes with all that is in it, or without that. */
  readonly ending: "kept" | "removed" | "unwrapped";
  /** What is made for a visit may also be put where it is no text: into a script. */
  readonly raw: boolean;
}

/** Beside the element, within it, or in place of what is in it. */
export type HtmlPlace = "before" | "prepend" | "content" | "append" | "after";

/** Texts in the place of others, wherever in a body they stand. */
export interface TextShape extends Shaping {
  readonly kind: "text";
  /** By the numbers of the terms that are looked for. */
  readonly edits: readonly TextEdit[];
  readonly search: Searcher;
  readonly groups: Groups;
}

export interface TextEdit {
  /** What is put in: texts, and the groups of what was found, by number. */
  readonly by: readonly (Wording | number)[];
  /** How often in one body; 0: always. */
  readonly times: number;
  /** Of the bodies it is for, in lower case, as `isOfType` has them. */
  readonly types: readonly string[];
}
