/** Edits of header fields whose values may come from a request, and so may be none that HTTP allows. */
import type { Fields } from "./fields.ts";

/** Applied in this order: remove, rename, set, add. Names in lower case; each text is made for one subject, such as a visit. */
export interface FieldEdits<Subject> {
  readonly remove: readonly string[];
  /** What is there under the first name goes under the second, in place of what was there. */
  readonly rename?: readonly (readonly [from: string, to: string])[];
  readonly set: readonly (readonly [name: string, value: (subject: Subject) => string])[];
  readonly add: readonly (readonly [name: string, value: (subject: Subject) => string])[];
}

/** What the texts are made for, and the fields that are not for edits. */
export interface EditTerms<Subject> {
  readonly subject: Subject;
  readonly reserved: ReadonlySet<string>;
}

/**
 * Edits the fields in place. A value that comes out empty removes the field with `set` and adds nothing with `add`.
 * @returns the names of the edits that were skipped, because the field is reserved, or its name or value is none that
 * HTTP allows (RFC 9110 §5.1, §5.5).
 */
export function editFields<Subject>(
  fields: Fields,
  edits: FieldEdits<Subject>,
  { subject, reserved }: EditTerms<Subject>,
): readonly string[] {
  const skipped: string[] = [];
  const edit = (name: string, value: string, apply: () => void): void => {
    if (fieldName.test(name) && !reserved.has(name) && fieldValue.test(value)) apply();
    else skipped.push(name);
  };
  for (const name of edits.remove) edit(name, "", () => fields.delete(name));
  for (const [from, to] of edits.rename ?? []) {
    const value = fields.get(from);
    if (value === undefined) continue;
    edit(from, "", () => edit(to, value, () => fields.delete(from).set(to, value)));
  }
  for (const [name, text] of edits.set) {
    const value = text(subject).trim();
    edit(name, value, () => (value === "" ? fields.delete(name) : fields.set(name, value)));
  }
  for (const [name, text] of edits.add) {
    const value = text(subject).trim();
    edit(name, value, () => value !== "" && fields.append(name, value));
  }
  return skipped;
}

/** RFC 9110 §5.1: a token. */
const fieldName = /^[!#$%&'*+\-.^_`|~\w]+$/;
/** RFC 9110 §5.5: visible characters, spaces and tabs. What is beyond ASCII is sent as UTF-8. */
const fieldValue = /^[\t\x20-\x7e\x80-\u{10ffff}]*$/u;
