/** The fields of the practice Jira, as `GET /rest/api/2/field` tells them. */
export interface FieldDefinition {
  readonly id: string;
  readonly name: string;
  readonly schema: {
    readonly type: string;
    readonly items?: string;
    readonly system?: string;
    readonly custom?: string;
    readonly customId?: number;
  };
  /** Names that JQL knows the field by; a custom field is also `cf[id]` and its own name. */
  readonly clauseNames: readonly string[];
  readonly orderable: boolean;
  readonly navigable: boolean;
  readonly operations: readonly ('set' | 'add' | 'remove')[];
}

export const storyPointsId = 'customfield_10106';
export const epicLinkId = 'customfield_10102';
export const epicNameId = 'customfield_10104';
export const riskClassId = 'customfield_10201';

export const fields: readonly FieldDefinition[] = [
  system('issuetype', 'Issue Type', 'issuetype', { clauseNames: ['issuetype', 'type'], operations: [] }),
  system('project', 'Project', 'project'),
  system('summary', 'Summary', 'string'),
  system('description', 'Description', 'string'),
  system('environment', 'Environment', 'string'),
  system('priority', 'Priority', 'priority'),
  system('labels', 'Labels', 'array', { items: 'string', operations: ['add', 'set', 'remove'] }),
  system('components', 'Component/s', 'array', {
    items: 'component',
    clauseNames: ['component'],
    operations: ['add', 'set', 'remove'],
  }),
  system('reporter', 'Reporter', 'user'),
  system('assignee', 'Assignee', 'user'),
  system('issuelinks', 'Linked Issues', 'array', {
    items: 'issuelinks',
    clauseNames: [],
    operations: ['add'],
  }),
  system('creator', 'Creator', 'user', { orderable: false }),
  system('status', 'Status', 'status', { orderable: false }),
  system('resolution', 'Resolution', 'resolution'),
  system('resolutiondate', 'Resolved', 'datetime', {
    clauseNames: ['resolutiondate', 'resolved'],
    orderable: false,
  }),
  system('created', 'Created', 'datetime', { clauseNames: ['created', 'createdDate'], orderable: false }),
  system('updated', 'Updated', 'datetime', { clauseNames: ['updated', 'updatedDate'], orderable: false }),
  custom(storyPointsId, 'Story Points', 'number', 'com.atlassian.jira.plugin.system.customfieldtypes:float'),
  custom(epicLinkId, 'Epic Link', 'any', 'com.pyxis.greenhopper.jira:gh-epic-link'),
  custom(epicNameId, 'Epic Name', 'string', 'com.pyxis.greenhopper.jira:gh-epic-label'),
  custom(riskClassId, 'Risk class', 'option', 'com.atlassian.jira.plugin.system.customfieldtypes:select'),
];

const byId = new Map(fields.map((field) => [field.id, field]));

/** @throws for an id that no field has: ids come from our own screens, so that is a defect. */
export function fieldById(id: string): FieldDefinition {
  const field = byId.get(id);
  if (!field) throw new Error(`The practice Jira has no field ${id}.`);
  return field;
}

function system(
  id: string,
  name: string,
  type: string,
  options: Partial<Pick<FieldDefinition, 'clauseNames' | 'orderable' | 'operations'>> & {
    items?: string;
  } = {},
): FieldDefinition {
  const { items, ...rest } = options;
  return {
    id,
    name,
    schema: { type, ...(items ? { items } : {}), system: id },
    clauseNames: [id],
    orderable: true,
    navigable: id !== 'attachment',
    operations: ['set'],
    ...rest,
  };
}

function custom(id: string, name: string, type: string, customType: string): FieldDefinition {
  const customId = Number(id.replace('customfield_', ''));
  return {
    id,
    name,
    schema: { type, custom: customType, customId },
    clauseNames: [`cf[${customId}]`, name],
    orderable: true,
    navigable: true,
    operations: ['set'],
  };
}
