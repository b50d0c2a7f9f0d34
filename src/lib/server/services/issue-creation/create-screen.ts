import type { MissingField } from '../../../contracts/story.ts';
import type { CreateField } from './issue-desk.ts';

/** What one issue type's create screen takes, as far as stories are concerned. */
export interface CreateScreen {
  hasLabels: boolean;
  hasDescription: boolean;
  storyPointsFieldId: string | null;
  epicLinkFieldId: string | null;
  epicNameFieldId: string | null;
  /** Required fields that a story does not fill by itself. */
  otherRequired: MissingField[];
}

/** Filled by every create call, or by Jira for the person who creates. */
const filledByUs = new Set(['project', 'issuetype', 'summary', 'description', 'labels', 'reporter']);

export function readCreateScreen(fields: readonly CreateField[]): CreateScreen {
  const has = (system: string) => fields.some((field) => field.system === system);
  const byCustom = (suffix: string) =>
    fields.find((field) => field.custom?.endsWith(suffix))?.fieldId ?? null;
  // Story Points is an ordinary number field on Data Center: only its name tells.
  const storyPoints = fields.find(
    (field) => field.type === 'number' && /^story points?(?: estimate)?$/i.test(field.name.trim()),
  );
  const screen = {
    hasLabels: has('labels'),
    hasDescription: has('description'),
    storyPointsFieldId: storyPoints?.fieldId ?? null,
    epicLinkFieldId: byCustom(':gh-epic-link'),
    epicNameFieldId: byCustom(':gh-epic-label'),
  };
  const known = new Set([screen.storyPointsFieldId, screen.epicLinkFieldId, screen.epicNameFieldId]);
  const otherRequired = fields
    .filter(
      (field) =>
        field.required &&
        !field.hasDefaultValue &&
        !filledByUs.has(field.system ?? '') &&
        !known.has(field.fieldId),
    )
    .map(toMissingField);
  return { ...screen, otherRequired };
}

function toMissingField(field: CreateField): MissingField {
  return { fieldId: field.fieldId, name: field.name, kind: kindOf(field), options: field.allowedValues };
}

function kindOf({ type, items, allowedValues }: CreateField): MissingField['kind'] {
  if (type === 'array') return allowedValues.length > 0 || items === 'option' ? 'multiselect' : 'text';
  if (allowedValues.length > 0 || type === 'option' || type === 'priority') return 'select';
  if (type === 'number') return 'number';
  if (type === 'user') return 'user';
  if (type === 'date') return 'date';
  return 'text';
}
