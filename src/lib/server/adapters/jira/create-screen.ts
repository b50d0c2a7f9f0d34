import type { JiraCreateField } from './jira-schemas.ts';

/** What one create screen takes, in the words of a story. A field id is null where the screen lacks the field. */
export interface CreateScreen {
  issueTypeId: string;
  hasLabels: boolean;
  hasDescription: boolean;
  storyPointsField: string | null;
  epicLinkField: string | null;
  /** Required on an Epic. */
  epicNameField: string | null;
  /** Required fields that not every story fills, and that Jira does not fill itself. */
  required: JiraCreateField[];
}

/** Jira's own kinds of custom field, as Jira Software names them. */
const EPIC_LINK = 'com.pyxis.greenhopper.jira:gh-epic-link';
const EPIC_NAME = 'com.pyxis.greenhopper.jira:gh-epic-label';

/** Filled from the story, or by Jira from the caller: the reporter counts as required, yet may be left out. */
const FILLED_ANYWAY = new Set(['project', 'issuetype', 'summary', 'description', 'labels', 'reporter']);

/** Story Points has no kind of its own: it is a number field with a name, given in the language of the instance. */
const STORY_POINTS_NAME = /^story[\s-]?(points?|punkte)( estimate)?$/i;

/**
 * Reads a create screen. Only what stands on it may be set: Jira refuses the whole issue for one field too many, and
 * Story Points is missing from Story's screen in a default project.
 */
export function readCreateScreen(issueTypeId: string, fields: JiraCreateField[]): CreateScreen {
  const idOf = (matches: (field: JiraCreateField) => boolean) => fields.find(matches)?.fieldId ?? null;
  const storyPointsField = idOf(
    ({ name, schema }) => schema.type === 'number' && STORY_POINTS_NAME.test(name.trim()),
  );
  const epicLinkField = idOf(({ schema }) => schema.custom === EPIC_LINK);
  const epicNameField = idOf(({ schema }) => schema.custom === EPIC_NAME);
  return {
    issueTypeId,
    hasLabels: fields.some(({ fieldId }) => fieldId === 'labels'),
    hasDescription: fields.some(({ fieldId }) => fieldId === 'description'),
    storyPointsField,
    epicLinkField,
    epicNameField,
    required: fields.filter(
      ({ fieldId, required, hasDefaultValue }) => required && !hasDefaultValue && !FILLED_ANYWAY.has(fieldId),
    ),
  };
}
