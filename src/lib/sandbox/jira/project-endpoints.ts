import { jsonReply, wholeNumber, type PracticeReply, type PracticeRequest } from '../http.ts';
import type { PracticePerson } from '../people.ts';
import type { Route, RoutedRequest } from '../router.ts';
import {
  defaultPriorityId,
  issueTypes,
  priorities,
  projects,
  riskClasses,
  type IssueType,
  type Project,
} from './catalogue.ts';
import { fieldById, fields, riskClassId } from './fields.ts';
import { activePerson, type JiraParts } from './jira-parts.ts';
import { jiraError, notAuthenticated } from './replies.ts';
import { createScreen, type ScreenField } from './screens.ts';
import type { Wire } from './wire.ts';

/** Projects, fields, and what may be set when an issue is created. */
export function projectEndpoints({ wire }: JiraParts): Route[] {
  return [
    {
      method: 'GET',
      pattern: '/rest/api/2/project',
      // Anonymous callers see no project here, and get an empty list for it, not a refusal.
      handle: ({ person }) =>
        jsonReply(
          200,
          visibleProjects(person).map((project) => listedProject(project, wire)),
        ),
    },
    {
      method: 'GET',
      pattern: '/rest/api/2/project/:project',
      handle: ({ person, params }) => {
        const project = findProject(params.project, person);
        if (project) return jsonReply(200, detailedProject(project, wire));
        return jiraError(404, [`No project could be found with key '${params.project ?? ''}'.`]);
      },
    },
    {
      method: 'GET',
      pattern: '/rest/api/2/field',
      handle: () =>
        jsonReply(
          200,
          fields.map(({ operations: _operations, schema, ...field }) => {
            return { ...field, custom: 'custom' in schema, searchable: true, schema };
          }),
        ),
    },
    {
      method: 'GET',
      pattern: '/rest/api/2/issue/createmeta/:project/issuetypes',
      handle: (routed) =>
        withProject(routed, () =>
          pageOf(
            routed.request,
            issueTypes.map((type) => listedType(type, wire)),
          ),
        ),
    },
    {
      method: 'GET',
      pattern: '/rest/api/2/issue/createmeta/:project/issuetypes/:type',
      handle: (routed) =>
        withProject(routed, (project) => {
          const type = issueTypes.find(({ id }) => id === routed.params.type);
          if (!type)
            return jiraError(400, [
              `Issue type ${routed.params.type ?? ''} does not belong to this project.`,
            ]);
          const screen = createScreen(project, type);
          return pageOf(
            routed.request,
            screen.map((field) => fieldMeta(field, project, type, wire)),
          );
        }),
    },
  ];
}

function visibleProjects(person: PracticePerson | undefined): Project[] {
  return projects.filter((project) => activePerson(person)?.browsableProjects.includes(project.key));
}

function findProject(idOrKey: string | undefined, person: PracticePerson | undefined): Project | undefined {
  return visibleProjects(person).find(({ id, key }) => id === idOrKey || key === idOrKey?.toUpperCase());
}

function withProject(
  { person, params }: RoutedRequest,
  answer: (project: Project) => PracticeReply,
): PracticeReply {
  if (!activePerson(person)) return notAuthenticated();
  const project = findProject(params.project, person);
  if (project) return answer(project);
  return jiraError(400, [`The project '${params.project ?? ''}' does not exist, or you may not view it.`]);
}

function listedProject(project: Project, wire: Wire) {
  return { expand: 'description,lead,url,projectKeys', ...wire.project(project), archived: false };
}

function detailedProject(project: Project, wire: Wire) {
  return {
    ...listedProject(project, wire),
    description: project.description,
    lead: wire.personById(project.lead),
    components: project.components.map((component) => wire.component(component)),
    issueTypes: issueTypes.map((type) => wire.issueType(type)),
    assigneeType: 'UNASSIGNED',
    versions: [],
    roles: { Administrators: `${wire.baseUrl}/rest/api/2/project/${project.id}/role/10002` },
  };
}

function listedType(type: IssueType, wire: Wire) {
  const { avatarId: _avatarId, ...listed } = wire.issueType(type);
  return listed;
}

function fieldMeta({ fieldId, required }: ScreenField, project: Project, type: IssueType, wire: Wire) {
  const { name, schema, operations } = fieldById(fieldId);
  const defaultValue = defaultOf(fieldId, wire);
  const allowedValues = allowedOf(fieldId, project, type, wire);
  return {
    required,
    schema,
    name,
    fieldId,
    hasDefaultValue: defaultValue !== undefined,
    operations,
    ...(allowedValues ? { allowedValues } : {}),
    ...(defaultValue ? { defaultValue } : {}),
  };
}

function defaultOf(fieldId: string, wire: Wire): Record<string, unknown> | undefined {
  if (fieldId === 'assignee') return { name: '-1' };
  const usual = priorities.find(({ id }) => id === defaultPriorityId);
  return fieldId === 'priority' && usual ? wire.priority(usual) : undefined;
}

function allowedOf(fieldId: string, project: Project, type: IssueType, wire: Wire): unknown[] | undefined {
  if (fieldId === 'issuetype') return [wire.issueType(type)];
  if (fieldId === 'project') return [wire.project(project)];
  if (fieldId === 'priority') return priorities.map((priority) => wire.priority(priority));
  if (fieldId === 'components') return project.components.map((component) => wire.component(component));
  if (fieldId === riskClassId) return riskClasses.map((option) => wire.option(option));
  return undefined;
}

function pageOf(request: PracticeRequest, values: readonly unknown[]): PracticeReply {
  const startAt = wholeNumber(request.query.get('startAt'), 0);
  const maxResults = Math.min(wholeNumber(request.query.get('maxResults'), 50) || 50, 200);
  return jsonReply(200, {
    maxResults,
    startAt,
    total: values.length,
    isLast: startAt + maxResults >= values.length,
    values: values.slice(startAt, startAt + maxResults),
  });
}
