import type { ExtraFields, MissingField } from '../../../contracts/story.ts';
import type { CreateScreen } from '../../adapters/jira/create-screen.ts';

type RequiredField = CreateScreen['required'][number];

/** What Jira requires for this issue type and nobody has given yet, as a small form asks for it. */
export function missingFields(screen: CreateScreen | null, given: ExtraFields): MissingField[] {
  return (screen?.required ?? []).filter(({ fieldId }) => !isFilled(given[fieldId])).map(toMissingField);
}

/**
 * What was given last time, for what is missing: only where the field still takes it. `fields` are for the create call,
 * `filled` tells the person which.
 */
export function fillAsLastTime(
  screen: CreateScreen | null,
  given: ExtraFields,
  remembered: ExtraFields,
): { fields: ExtraFields; filled: MissingField[] } {
  const fields: ExtraFields = {};
  const filled: MissingField[] = [];
  for (const field of screen?.required ?? []) {
    const value = remembered[field.fieldId];
    if (value === undefined || isFilled(given[field.fieldId]) || !stillTakes(field, value)) continue;
    fields[field.fieldId] = value;
    filled.push(toMissingField(field));
  }
  return { fields, filled };
}

function stillTakes(field: RequiredField, value: ExtraFields[string]): boolean {
  const kind = kindOf(field);
  const chosen = typeof value === 'object' ? [value].flat().map(({ id }) => id) : null;
  if (chosen === null) return kind === (typeof value === 'number' ? 'number' : 'text') || kind === 'user';
  const allowed = (field.allowedValues ?? []).map(({ id }) => id);
  const isRightKind = Array.isArray(value) ? kind === 'multiselect' : kind === 'select';
  return isRightKind && chosen.length > 0 && chosen.every((id) => allowed.includes(id));
}

function toMissingField(field: RequiredField): MissingField {
  const options = (field.allowedValues ?? []).map(({ id, value, name }) => ({
    id,
    label: value ?? name ?? id,
  }));
  return { fieldId: field.fieldId, name: field.name, kind: kindOf(field), options };
}

function kindOf({ schema: { type, items }, allowedValues = [] }: RequiredField): MissingField['kind'] {
  if (type === 'array') return allowedValues.length > 0 || items === 'option' ? 'multiselect' : 'text';
  if (allowedValues.length > 0 || type === 'option' || type === 'priority') return 'select';
  if (type === 'number' || type === 'user' || type === 'date') return type;
  return 'text';
}

function isFilled(value: ExtraFields[string] | undefined): boolean {
  if (value === undefined || value === '') return false;
  return !Array.isArray(value) || value.length > 0;
}
