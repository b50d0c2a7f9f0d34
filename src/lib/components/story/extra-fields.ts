import type { ExtraFields, MissingField } from '$lib/contracts/story';

/** What the small form holds for each missing field: ids for selects, text otherwise. */
export type TypedFields = Record<string, string | string[]>;

/** What was typed, in the shape that Jira takes; `empty` names the fields that still lack a value. */
export function extraFieldsFrom(
  missing: readonly MissingField[],
  typed: TypedFields,
): { fields: ExtraFields; empty: string[] } {
  const fields: ExtraFields = {};
  const empty: string[] = [];
  for (const field of missing) {
    const value = valueFor(field, typed[field.fieldId] ?? '');
    if (value === null) empty.push(field.fieldId);
    else fields[field.fieldId] = value;
  }
  return { fields, empty };
}

/** What Jira would get, as the small form shows it. */
export function typedFrom(given: ExtraFields): TypedFields {
  const shown = (value: ExtraFields[string]) => {
    if (Array.isArray(value)) return value.map(({ id }) => id);
    return typeof value === 'object' ? value.id : String(value);
  };
  return Object.fromEntries(Object.entries(given).map(([fieldId, value]) => [fieldId, shown(value)]));
}

function valueFor({ kind }: MissingField, typed: string | string[]): ExtraFields[string] | null {
  if (Array.isArray(typed)) return typed.length === 0 ? null : typed.map((id) => ({ id }));
  const text = typed.trim();
  if (text === '') return null;
  if (kind === 'multiselect') return [{ id: text }];
  if (kind === 'select') return { id: text };
  if (kind !== 'number') return text;
  const number = Number(text.replace(',', '.'));
  return Number.isFinite(number) ? number : null;
}
