import { isObject } from '../http.ts';
import type { People, PracticePerson } from '../people.ts';
import {
  defaultPriorityId,
  epicType,
  priorities,
  projects,
  riskClasses,
  type Named,
  type Project,
} from './catalogue.ts';
import { epicLinkId, epicNameId, fieldById, riskClassId, storyPointsId } from './fields.ts';
import type { IssueContent, IssueStore } from './issue-store.ts';
import { createScreen, findIssueType } from './screens.ts';

export type IssueInput =
  | { readonly ok: true; readonly content: IssueContent }
  /** Field id to what is wrong with it, in Jira's words. */
  | { readonly ok: false; readonly errors: Readonly<Record<string, string>> };

/** Reads the body of a create call against the create screen, as Jira does: all errors at once. */
export function readNewIssue(
  body: Record<string, unknown>,
  deps: { person: PracticePerson; people: People; issues: IssueStore },
): IssueInput {
  const given = isObject(body.fields) ? body.fields : {};
  const project = readProject(given.project, deps.person);
  if (!project) return { ok: false, errors: { project: 'valid project is required' } };
  if (!isObject(given.issuetype)) return { ok: false, errors: { issuetype: 'issue type is required' } };
  const type = findIssueType(given.issuetype);
  if (!type) return { ok: false, errors: { issuetype: 'valid issue type is required' } };

  const errors: Record<string, string> = {};
  const screen = createScreen(project, type);
  for (const fieldId of Object.keys(given)) {
    if (screen.some((field) => field.fieldId === fieldId)) continue;
    errors[fieldId] = `Field '${fieldId}' cannot be set. It is not on the appropriate screen, or unknown.`;
  }
  const read = createFieldReader(given, errors);
  const content: IssueContent = {
    projectKey: project.key,
    typeId: type.id,
    summary: readSummary(given.summary, errors),
    description: read.text('description'),
    environment: read.text('environment'),
    labels: readLabels(given.labels, errors),
    componentIds: readComponents(given.components, project, errors),
    priorityId: read.choice('priority', priorities, 'name') ?? defaultPriorityId,
    reporter: readPerson('reporter', given, deps.people, errors) ?? deps.person.employeeId,
    assignee: readPerson('assignee', given, deps.people, errors),
    storyPoints: read.number(storyPointsId),
    epicLink: readEpicLink(given[epicLinkId], deps.issues, errors),
    epicName: read.text(epicNameId),
    riskClassId: read.choice(riskClassId, riskClasses, 'value'),
    properties: readProperties(body.properties),
  };
  for (const { fieldId, required } of screen) {
    if (!required || fieldId === 'summary' || errors[fieldId] || !isBlank(given[fieldId])) continue;
    // Create-meta calls the reporter required, and yet Jira fills it in.
    if (fieldId === 'reporter') continue;
    errors[fieldId] = `${fieldById(fieldId).name} is required.`;
  }
  return Object.keys(errors).length > 0 ? { ok: false, errors } : { ok: true, content };
}

/** Jira's rules for a summary; what is wrong is written into `errors`. */
export function readSummary(value: unknown, errors: Record<string, string>): string {
  if (typeof value !== 'string' || value.trim() === '') {
    errors.summary = 'You must specify a summary of the issue.';
    return '';
  }
  if (/[\r\n]/.test(value)) errors.summary = 'The summary is invalid because it contains newline characters.';
  else if (value.length > 255) errors.summary = 'Summary must be less than 255 characters.';
  return value.trim();
}

/** Jira's rules for labels; what is wrong is written into `errors`. */
export function readLabels(value: unknown, errors: Record<string, string>): string[] {
  if (value === undefined || value === null) return [];
  if (!Array.isArray(value)) {
    errors.labels = 'data was not an array';
    return [];
  }
  const labels = [...new Set(value)].filter((label) => typeof label === 'string');
  if (labels.length < new Set(value).size) errors.labels = 'string expected at index 0';
  for (const label of labels) {
    if (/\s/.test(label)) errors.labels = `The label '${label}' contains spaces which is invalid.`;
    else if (label.length > 255)
      errors.labels = `The label '${label}' exceeds the maximum length of 255 characters.`;
  }
  return labels;
}

const textLimit = 32_767;

function createFieldReader(given: Record<string, unknown>, errors: Record<string, string>) {
  return {
    text(fieldId: string): string | null {
      const value = given[fieldId];
      if (isBlank(value)) return null;
      if (typeof value !== 'string') errors[fieldId] ??= 'Operation value must be a string';
      else if (value.length > textLimit) {
        errors[fieldId] ??=
          `The entered text is too long. It exceeds the allowed limit of 32,767 characters.`;
      } else return value;
      return null;
    },
    number(fieldId: string): number | null {
      const value = given[fieldId];
      if (isBlank(value)) return null;
      if (typeof value === 'number' && Number.isFinite(value)) return value;
      errors[fieldId] ??= 'Operation value must be a number';
      return null;
    },
    choice(fieldId: string, choices: readonly Named[], nameKey: 'name' | 'value'): string | null {
      const value = given[fieldId];
      if (isBlank(value)) return null;
      const wanted: Record<string, unknown> = isObject(value) ? value : {};
      const chosen = choices.find(
        (choice) => choice.id === wanted.id || (wanted.id === undefined && choice.name === wanted[nameKey]),
      );
      if (chosen) return chosen.id;
      errors[fieldId] ??=
        `${fieldById(fieldId).name} '${String(wanted[nameKey] ?? wanted.id)}' is not valid.`;
      return null;
    },
  };
}

function readProject(value: unknown, person: PracticePerson): Project | undefined {
  if (!isObject(value)) return undefined;
  const project = projects.find(({ id, key }) => id === value.id || (!value.id && key === value.key));
  return project && person.browsableProjects.includes(project.key) ? project : undefined;
}

function readComponents(value: unknown, project: Project, errors: Record<string, string>): string[] {
  if (value === undefined || value === null) return [];
  if (!Array.isArray(value)) {
    errors.components = 'data was not an array';
    return [];
  }
  return value.flatMap((wanted: unknown) => {
    const named: Record<string, unknown> = isObject(wanted) ? wanted : {};
    const found = project.components.find(
      ({ id, name }) => id === named.id || (!named.id && name === named.name),
    );
    if (!found) errors.components = `Component name '${String(named.name ?? named.id)}' is not valid`;
    return found ? [found.id] : [];
  });
}

function readPerson(
  fieldId: 'reporter' | 'assignee',
  given: Record<string, unknown>,
  people: People,
  errors: Record<string, string>,
): string | null {
  const value = given[fieldId];
  if (isBlank(value)) return null;
  const name = isObject(value) && typeof value.name === 'string' ? value.name : '';
  // "-1" is Jira's word for the default assignee, who is nobody here.
  if (fieldId === 'assignee' && (name === '-1' || name === '')) return null;
  const person = people.byEmployeeId(name);
  if (person?.account === 'active') return person.employeeId;
  errors[fieldId] =
    fieldId === 'reporter' ? 'The reporter specified is not a user.' : `User '${name}' does not exist.`;
  return null;
}

function readEpicLink(value: unknown, issues: IssueStore, errors: Record<string, string>): string | null {
  if (isBlank(value)) return null;
  const key = typeof value === 'string' ? value.replace(/^key:/, '') : '';
  const epic = issues.find(key);
  if (epic?.typeId === epicType.id) return epic.key;
  errors[epicLinkId] ??= epic ? `Issue '${key}' is not an Epic.` : `Issue '${key}' could not be found.`;
  return null;
}

function readProperties(value: unknown): Record<string, unknown> {
  const pairs = Array.isArray(value) ? value.filter(isObject) : [];
  return Object.fromEntries(pairs.map((pair) => [String(pair.key), pair.value]));
}

function isBlank(value: unknown): boolean {
  return value === undefined || value === null || value === '';
}
