import type { FaultRule } from '../../src/lib/sandbox/faults.ts';

/** Ways in which a remote system quotes the credential that it was sent. */
export function quotingReplies(secret: string): Record<string, FaultRule['effect']> {
  const reply = (status: number, body: string, headers: Record<string, string> = {}) =>
    ({ kind: 'reply', status, body, headers: { 'content-type': 'application/json', ...headers } }) as const;
  const sentence = `The credential ${secret} was not taken.`;
  const jira = JSON.stringify({ errorMessages: [sentence], errors: { token: sentence } });
  const confluence = JSON.stringify({ statusCode: 400, message: sentence, data: null, reason: sentence });
  const model = JSON.stringify({ error: { message: sentence, type: sentence } });
  const html = `<html><title>${sentence}</title><body>${sentence}</body></html>`;
  return {
    '401 in JSON': reply(401, jira),
    '401 in HTML': reply(401, html, { 'content-type': 'text/html', 'www-authenticate': `Bearer ${secret}` }),
    '403 in words of Confluence': reply(403, confluence),
    '400 in words of Jira': reply(400, jira),
    '400 in words of Confluence': reply(400, confluence),
    '400 in words of a model': reply(400, model),
    '404': reply(404, jira),
    '429': reply(429, jira, { 'retry-after': '0' }),
    '500 in HTML': reply(500, html, { 'content-type': 'text/html' }),
    '200 that is no JSON': reply(200, `${sentence} {`),
    '200 of another shape': reply(200, JSON.stringify({ token: secret, name: secret, username: secret })),
    'a redirect that carries it on': reply(302, '', { location: `http://localhost:9/?token=${secret}` }),
    'a redirect that names it as a host': reply(302, '', {
      location: `http://${secret.toLowerCase()}.test/`,
    }),
  };
}
