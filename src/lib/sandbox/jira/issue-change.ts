import { isObject } from '../http.ts';
import { catalogued } from './wire.ts';
import { readLabels, readSummary } from './issue-input.ts';
import type { Issue } from './issue-store.ts';
import { createScreen } from './screens.ts';

export type IssueChange =
  | { readonly ok: true; readonly change: Partial<Pick<Issue, 'summary' | 'description' | 'labels'>> }
  | { readonly ok: false; readonly errors: Readonly<Record<string, string>> };

/** Reads the body of an edit: summary, description and labels, the latter also by add and remove. */
export function readIssueChange(body: Record<string, unknown>, issue: Issue): IssueChange {
  const fields = isObject(body.fields) ? body.fields : {};
  const update = isObject(body.update) ? body.update : {};
  const errors: Record<string, string> = {};
  const editable = editableFields(issue);
  for (const fieldId of [...Object.keys(fields), ...Object.keys(update)]) {
    if (editable.has(fieldId)) continue;
    errors[fieldId] = `Field '${fieldId}' cannot be set. It is not on the appropriate screen, or unknown.`;
  }
  const change: { summary?: string; description?: string | null; labels?: string[] } = {};
  if ('summary' in fields) change.summary = readSummary(fields.summary, errors);
  if ('description' in fields) {
    change.description = typeof fields.description === 'string' ? fields.description : null;
  }
  if ('labels' in fields) change.labels = readLabels(fields.labels, errors);
  if ('labels' in update) change.labels = updateLabels(issue.labels, update.labels, errors);
  return Object.keys(errors).length > 0 ? { ok: false, errors } : { ok: true, change };
}

function editableFields(issue: Issue): Set<string> {
  const screen = createScreen(catalogued.project(issue.projectKey), catalogued.issueType(issue.typeId));
  const onScreen = new Set(screen.map(({ fieldId }) => fieldId));
  return new Set(['summary', 'description', 'labels'].filter((fieldId) => onScreen.has(fieldId)));
}

function updateLabels(
  current: readonly string[],
  operations: unknown,
  errors: Record<string, string>,
): string[] {
  let labels = [...current];
  for (const operation of Array.isArray(operations) ? operations.filter(isObject) : []) {
    if ('set' in operation) labels = readLabels(operation.set, errors);
    if ('add' in operation) labels = readLabels([...labels, operation.add], errors);
    if ('remove' in operation) labels = labels.filter((label) => label !== operation.remove);
  }
  return labels;
}
