import {
  bugType,
  epicType,
  issueTypes,
  storyType,
  taskType,
  type IssueType,
  type Project,
} from './catalogue.ts';
import { epicLinkId, epicNameId, riskClassId, storyPointsId } from './fields.ts';

export interface ScreenField {
  readonly fieldId: string;
  readonly required: boolean;
}

/**
 * The create screen of an issue type: the only fields that may be set on creation.
 * DEMO and OPS differ on purpose: in OPS a Story has neither Story Points nor Labels, and needs a Risk class.
 */
export function createScreen(project: Project, type: IssueType): readonly ScreenField[] {
  const always = [
    ...required('summary', 'issuetype', 'reporter'),
    ...optional('components', 'description', 'priority'),
  ];
  const rest = [...optional('issuelinks', 'assignee'), ...required('project')];
  return [...always, ...(project.key === 'OPS' ? opsFields(type) : demoFields(type)), ...rest];
}

/** The issue type of that id or name, as the create screens know it. */
export function findIssueType(idOrName: { id?: unknown; name?: unknown }): IssueType | undefined {
  return issueTypes.find((type) => type.id === idOrName.id || (!idOrName.id && type.name === idOrName.name));
}

function demoFields(type: IssueType): ScreenField[] {
  if (type === epicType) return [...required(epicNameId), ...optional('labels')];
  if (type === storyType) return optional('labels', epicLinkId, storyPointsId);
  if (type === bugType) return optional('labels', 'environment', epicLinkId);
  return optional('labels', epicLinkId);
}

function opsFields(type: IssueType): ScreenField[] {
  if (type === epicType) return required(epicNameId);
  if (type === storyType) return [...optional(epicLinkId), ...required(riskClassId)];
  if (type === taskType) return optional('labels', epicLinkId);
  return optional('labels', 'environment', epicLinkId);
}

function required(...fieldIds: string[]): ScreenField[] {
  return fieldIds.map((fieldId) => ({ fieldId, required: true }));
}

function optional(...fieldIds: string[]): ScreenField[] {
  return fieldIds.map((fieldId) => ({ fieldId, required: false }));
}
