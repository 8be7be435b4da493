/** Edits of header fields whose values may come from a request, and so may be none that HTTP allows. */
import type { Fields } from "./fields.ts";

/** Applied in this order: remove, set, add. Names in lower case; each text is made for one subject, such as a visit. */
export interface FieldEdits<Subject> {
  readonly remove: readonly string[];
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
    if (isFieldName(name) && !reserved.has(name) && isFieldValue(value)) apply();
    else skipped.push(name);
  };
  for (const name of edits.remove) edit(name, "", () => fields.delete(name));
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

const fieldName = /^[!#$%&'*+\-.^_`|~\w]+$/;
// oxlint-disable-next-line no-control-regex -- which control characters a value may hold is the question
const fieldValue = /^[^\x00-\x08\x0a-\x1f\x7f]*$/;

/** RFC 9110 §5.1: a token. */
export function isFieldName(name: string): boolean {
  return fieldName.test(name);
}

/** RFC 9110 §5.5: no control character but the tab. What is beyond ASCII is sent as UTF-8. */
export function isFieldValue(value: string): boolean {
  return fieldValue.test(value);
}
