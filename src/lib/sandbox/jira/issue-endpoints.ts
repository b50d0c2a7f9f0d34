import { emptyReply, isObject, jsonObject, jsonReply, type PracticeReply } from '../http.ts';
import type { PracticePerson } from '../people.ts';
import type { Route, RoutedRequest } from '../router.ts';
import { doneStatusId, statuses } from './catalogue.ts';
import { readIssueChange } from './issue-change.ts';
import { readNewIssue } from './issue-input.ts';
import type { Issue } from './issue-store.ts';
import { changeLogToWire, issueToWire } from './issue-wire.ts';
import { activePerson, type JiraParts } from './jira-parts.ts';
import { issueNotFound, jiraError, notAuthenticated } from './replies.ts';

/** Creating, reading, changing, moving and deleting one issue. */
export function issueEndpoints(parts: JiraParts): Route[] {
  const onIssue =
    (handle: (issue: Issue, person: PracticePerson, routed: RoutedRequest) => PracticeReply) =>
    (routed: RoutedRequest): PracticeReply => {
      const person = activePerson(routed.person);
      if (!person) return notAuthenticated();
      const issue = parts.issues.find(routed.params.key ?? '');
      if (!issue || !person.browsableProjects.includes(issue.projectKey)) return issueNotFound();
      return handle(issue, person, routed);
    };

  return [
    { method: 'POST', pattern: '/rest/api/2/issue', handle: (routed) => createIssue(routed, parts) },
    {
      method: 'GET',
      pattern: '/rest/api/2/issue/:key',
      handle: onIssue((issue, _person, { request }) => {
        const fields = request.query.get('fields')?.split(',') ?? ['*all'];
        const withHistory = request.query.get('expand')?.split(',').includes('changelog') ?? false;
        const properties = request.query.has('properties') ? { properties: issue.properties } : {};
        const history = withHistory ? { changelog: changeLogToWire(issue, parts) } : {};
        return jsonReply(200, { ...issueToWire(issue, parts, fields), ...properties, ...history });
      }),
    },
    {
      method: 'PUT',
      pattern: '/rest/api/2/issue/:key',
      handle: onIssue((issue, person, { request }) => changeIssue(issue, request.body, parts, person)),
    },
    {
      method: 'DELETE',
      pattern: '/rest/api/2/issue/:key',
      handle: onIssue((issue, person) => {
        const mayDelete = person.isAdministrator || issue.creator === person.employeeId;
        if (!mayDelete)
          return jiraError(403, ['You do not have permission to delete issues in this project.']);
        parts.issues.delete(issue.key);
        return emptyReply(issue.key);
      }),
    },
    {
      method: 'GET',
      pattern: '/rest/api/2/issue/:key/transitions',
      handle: onIssue(() => {
        const transitions = statuses.map((status) => ({
          id: status.transitionId,
          name: status.name,
          to: parts.wire.status(status),
        }));
        return jsonReply(200, { expand: 'transitions', transitions });
      }),
    },
    {
      method: 'POST',
      pattern: '/rest/api/2/issue/:key/transitions',
      handle: onIssue((issue, person, { request }) => moveIssue(issue, request.body, parts, person)),
    },
  ];
}

function createIssue(routed: RoutedRequest, parts: JiraParts): PracticeReply {
  const person = activePerson(routed.person);
  if (!person) return notAuthenticated();
  const body = jsonObject(routed.request.body);
  if (!body) return jiraError(400, ['The request body is not a JSON object.']);
  if (body.update !== undefined) {
    return jiraError(400, [
      "The practice Jira does not know 'update' on creation; set everything in 'fields'.",
    ]);
  }
  const input = readNewIssue(body, { person, people: parts.people, issues: parts.issues });
  if (!input.ok) return jiraError(400, [], input.errors);
  const issue = parts.issues.create(input.content, person.employeeId);
  const self = `${parts.wire.baseUrl}/rest/api/2/issue/${issue.id}`;
  return jsonReply(201, { id: String(issue.id), key: issue.key, self }, issue.key);
}

function changeIssue(
  issue: Issue,
  body: Buffer,
  { issues }: JiraParts,
  person: PracticePerson,
): PracticeReply {
  const change = readIssueChange(jsonObject(body) ?? {}, issue);
  if (!change.ok) return jiraError(400, [], change.errors);
  issues.change(issue.key, change.change, person.employeeId);
  return emptyReply(issue.key);
}

function moveIssue(
  issue: Issue,
  body: Buffer,
  { issues, clock }: JiraParts,
  person: PracticePerson,
): PracticeReply {
  const wanted = jsonObject(body)?.transition;
  const status = isObject(wanted) && statuses.find(({ transitionId }) => transitionId === String(wanted.id));
  if (!status)
    return jiraError(400, ['The transition is missing, or is not possible from the current status.']);
  const resolvedAt = status.id === doneStatusId ? clock.now() : null;
  issues.change(issue.key, { statusId: status.id, resolvedAt }, person.employeeId);
  return emptyReply(issue.key);
}
