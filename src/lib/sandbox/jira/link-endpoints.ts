import { isObject, jsonObject, jsonReply, type PracticeReply } from '../http.ts';
import type { Route, RoutedRequest } from '../router.ts';
import { linkTypes } from './catalogue.ts';
import type { Issue } from './issue-store.ts';
import { activePerson, type JiraParts } from './jira-parts.ts';
import { jiraError, notAuthenticated } from './replies.ts';

/** Links between issues: the kinds there are, and making one. */
export function linkEndpoints(parts: JiraParts): Route[] {
  return [
    {
      method: 'GET',
      pattern: '/rest/api/2/issueLinkType',
      handle: ({ person }) => {
        if (!activePerson(person)) return notAuthenticated();
        return jsonReply(200, { issueLinkTypes: linkTypes.map((type) => parts.wire.linkType(type)) });
      },
    },
    { method: 'POST', pattern: '/rest/api/2/issueLink', handle: (routed) => createLink(routed, parts) },
  ];
}

// With "Blocks", inward A and outward B read "A blocks B".
function createLink(routed: RoutedRequest, { issues }: JiraParts): PracticeReply {
  const person = activePerson(routed.person);
  if (!person) return notAuthenticated();
  const body = jsonObject(routed.request.body);
  const wanted = isObject(body?.type) ? body.type : {};
  const type = linkTypes.find(
    ({ id, name }) =>
      id === wanted.id || (!wanted.id && name.toLowerCase() === String(wanted.name).toLowerCase()),
  );
  if (!type)
    return jiraError(404, [`No issue link type with name '${String(wanted.name ?? wanted.id)}' found.`]);
  const [inward, outward] = [body?.inwardIssue, body?.outwardIssue].map((end) => {
    const issue = isObject(end) ? issues.find(String(end.key ?? end.id)) : undefined;
    return issue && person.browsableProjects.includes(issue.projectKey) ? issue : undefined;
  }) as [Issue | undefined, Issue | undefined];
  if (!inward || !outward) return jiraError(404, ['Issue Does Not Exist']);
  if (inward.key === outward.key) return jiraError(400, ['You cannot link an issue to itself.']);
  issues.link({ typeId: type.id, inwardKey: inward.key, outwardKey: outward.key }, person.employeeId);
  return { status: 201, headers: {}, body: '', key: `${inward.key}>${outward.key}` };
}
