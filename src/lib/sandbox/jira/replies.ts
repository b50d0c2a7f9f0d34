import { jsonReply, type PracticeReply } from '../http.ts';

/** An error in the shape of Jira's REST v2. */
export function jiraError(
  status: number,
  errorMessages: readonly string[],
  errors: Readonly<Record<string, string>> = {},
): PracticeReply {
  return jsonReply(status, { errorMessages, errors });
}

export function notAuthenticated(): PracticeReply {
  const reply = jiraError(401, [
    'You are not authenticated. Authentication required to perform this operation.',
  ]);
  return { ...reply, headers: { ...reply.headers, 'www-authenticate': 'OAuth realm="http://127.0.0.1"' } };
}

/** Also for an issue that the person may not see: the two look the same. */
export function issueNotFound(): PracticeReply {
  return jiraError(404, ['Issue Does Not Exist']);
}

/** What a servlet filter answers to a wrong password, long before REST: HTML, not JSON. */
export function wrongPassword(): PracticeReply {
  return {
    status: 401,
    headers: {
      'content-type': 'text/html;charset=UTF-8',
      'x-seraph-loginreason': 'AUTHENTICATED_FAILED',
      'www-authenticate': 'OAuth realm="http://127.0.0.1"',
    },
    body: '<html><head><title>Unauthorized (401)</title></head><body><h1>Unauthorized (401)</h1><p>Basic authentication failed: this practice Jira knows no passwords, only tokens.</p></body></html>',
  };
}
