/** What an answer says of how browsers are to guard it. Types only. */

/** A field that the edge adds where the origin says nothing of its own. */
export interface SecurityField {
  /** In lower case. */
  readonly name: string;
  readonly value: string;
  /** Only over https, or only on pages. */
  readonly only?: "https" | "pages";
  /** Another field by which the origin has said it. */
  readonly or?: string;
}
