import { jsonReply, wholeNumber } from '../http.ts';
import type { Route } from '../router.ts';
import { activePerson, type JiraParts } from './jira-parts.ts';
import { jiraError, notAuthenticated } from './replies.ts';
import { jiraTime } from './wire.ts';

/** Who am I, who is there, and what server is this. */
export function identityEndpoints({ people, wire, clock }: JiraParts): Route[] {
  return [
    {
      method: 'GET',
      pattern: '/rest/api/2/myself',
      handle: ({ person }) => {
        if (!person) return notAuthenticated();
        return jsonReply(200, {
          ...wire.person(person),
          groups: { size: person.isAdministrator ? 2 : 1, items: [] },
          applicationRoles: { size: 1, items: [] },
          expand: 'groups,applicationRoles',
        });
      },
    },
    {
      method: 'GET',
      pattern: '/rest/api/2/serverInfo',
      handle: ({ person, request }) => {
        // Open to everybody, but a token that is presented and wrong is refused.
        if (request.headers.authorization && !person) return notAuthenticated();
        return jsonReply(200, {
          baseUrl: wire.baseUrl,
          version: '9.12.15',
          versionNumbers: [9, 12, 15],
          deploymentType: 'Server',
          buildNumber: 9_120_015,
          buildDate: '2024-10-08T00:00:00.000+0000',
          databaseBuildNumber: 9_120_015,
          serverTime: jiraTime(clock.now()),
          scmInfo: 'practice',
          serverTitle: 'Practice Jira',
        });
      },
    },
    {
      method: 'GET',
      pattern: '/rest/api/2/mypermissions',
      handle: ({ person }) => {
        if (!activePerson(person)) return notAuthenticated();
        // Without a project it speaks of any: who sees one may work in it here.
        const havePermission = (person?.browsableProjects.length ?? 0) > 0;
        const keys = ['BROWSE_PROJECTS', 'CREATE_ISSUES', 'LINK_ISSUES', 'DELETE_ISSUES'];
        const permissions = keys.map((key) => [key, { key, type: 'PROJECT', havePermission }]);
        return jsonReply(200, { permissions: Object.fromEntries(permissions) });
      },
    },
    {
      method: 'GET',
      pattern: '/rest/api/2/user/search',
      handle: ({ person, request }) => {
        if (!activePerson(person)) return notAuthenticated();
        const wanted = (request.query.get('username') ?? '').toLowerCase();
        if (wanted === '') return jiraError(400, ['The username query parameter was not provided']);
        const found = people.all.filter(
          (someone) =>
            someone.account === 'active' &&
            [someone.employeeId, someone.displayName, someone.email].some((name) =>
              name.toLowerCase().includes(wanted === '.' ? '' : wanted),
            ),
        );
        const startAt = wholeNumber(request.query.get('startAt'), 0);
        const maxResults = wholeNumber(request.query.get('maxResults'), 50);
        return jsonReply(
          200,
          found.slice(startAt, startAt + maxResults).map((someone) => wire.person(someone)),
        );
      },
    },
    {
      method: 'GET',
      pattern: '/rest/pat/latest/tokens',
      handle: ({ person }) => {
        if (!activePerson(person)) return notAuthenticated();
        return jsonReply(200, [
          {
            id: 1,
            name: 'practice',
            createdAt: jiraTime(0),
            expiringAt: null,
            expiring: false,
            lastAccessedAt: null,
          },
        ]);
      },
    },
  ];
}
