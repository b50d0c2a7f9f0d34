import { isObject, jsonObject, jsonReply, wholeNumber, type PracticeReply } from '../http.ts';
import type { Route, RoutedRequest } from '../router.ts';
import { issueToWire } from './issue-wire.ts';
import { activePerson, type JiraParts } from './jira-parts.ts';
import { JqlError, searchIssues } from './jql.ts';
import { jiraError } from './replies.ts';

/** Search by JQL, over GET and POST. */
export function searchEndpoints(parts: JiraParts): Route[] {
  return [
    {
      method: 'GET',
      pattern: '/rest/api/2/search',
      handle: (routed) => {
        const { query } = routed.request;
        const fields = query.get('fields')?.split(',');
        return search(routed, parts, {
          jql: query.get('jql') ?? '',
          startAt: query.get('startAt'),
          maxResults: query.get('maxResults'),
          fields,
        });
      },
    },
    {
      method: 'POST',
      pattern: '/rest/api/2/search',
      handle: (routed) => {
        const body = jsonObject(routed.request.body);
        if (!isObject(body)) return jiraError(400, ['The request body is not a JSON object.']);
        const fields = Array.isArray(body.fields) ? body.fields.map(String) : undefined;
        const jql = typeof body.jql === 'string' ? body.jql : '';
        return search(routed, parts, { jql, startAt: body.startAt, maxResults: body.maxResults, fields });
      },
    },
  ];
}

interface SearchQuestion {
  jql: string;
  startAt: unknown;
  maxResults: unknown;
  fields: string[] | undefined;
}

function search(routed: RoutedRequest, parts: JiraParts, question: SearchQuestion): PracticeReply {
  const startAt = wholeNumber(question.startAt, 0);
  const maxResults = Math.min(wholeNumber(question.maxResults, 50), 1_000);
  const page = { expand: 'schema,names', startAt, maxResults };
  const person = activePerson(routed.person);
  // A bad token is not refused here: the search runs as anonymous, who sees nothing.
  if (!person) return jsonReply(200, { ...page, total: 0, issues: [] });
  try {
    const indexedUntil = parts.clock.now() - routed.indexLagMs;
    const found = searchIssues(question.jql, { ...parts, person }).filter(
      (issue) => routed.indexLagMs === 0 || issue.createdAt <= indexedUntil,
    );
    const issues = found
      .slice(startAt, startAt + maxResults)
      .map((issue) => issueToWire(issue, parts, question.fields ?? ['*navigable']));
    return jsonReply(200, { ...page, total: found.length, issues });
  } catch (error) {
    if (error instanceof JqlError) return jiraError(400, error.messages);
    throw error;
  }
}
