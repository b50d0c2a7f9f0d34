import type { ExtraFields, MissingField } from '../../../contracts/story.ts';
import type { CreateScreen } from '../../adapters/jira/create-screen.ts';

type RequiredField = CreateScreen['required'][number];

/** What Jira requires for this issue type and nobody has given yet, as a small form asks for it. */
export function missingFields(screen: CreateScreen | null, given: ExtraFields): MissingField[] {
  return (screen?.required ?? []).filter(({ fieldId }) => !isFilled(given[fieldId])).map(toMissingField);
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
