import { afterEach, describe, expect, test } from 'vitest';
import { createConfluenceRest } from '../../../src/lib/server/adapters/confluence-rest.ts';
import { createJiraRest } from '../../../src/lib/server/adapters/jira-rest.ts';
import { createLoopback } from '../../support/loopback.ts';
import type { Answering } from '../../support/loopback.ts';
import { createTestHttp } from '../../support/outgoing.ts';
import { createRestDeps } from '../../support/rest.ts';

const loopback = createLoopback();
afterEach(() => loopback.close());

describe('What Jira answers, and what we make of it', () => {
  const json = { 'content-type': 'application/json' };
  const html = { 'content-type': 'text/html;charset=UTF-8' };
  const signIn =
    '<html><title>Log in - Jira</title><form id="login-form"><input type="password"></form></html>';

  test.each<[string, number, Record<string, string>, string, object]>([
    [
      'a refused token',
      401,
      json,
      '{"errorMessages":["No"],"errors":{}}',
      { kind: 'credential', code: 'jira_token_refused' },
    ],
    [
      'a wrong password, as HTML',
      401,
      { ...html, 'x-seraph-loginreason': 'AUTHENTICATED_FAILED' },
      '<html>',
      { code: 'jira_token_refused' },
    ],
    [
      'a CAPTCHA',
      403,
      { 'x-seraph-loginreason': 'AUTHENTICATION_DENIED' },
      '',
      { kind: 'credential', code: 'jira_captcha' },
    ],
    [
      'a missing permission',
      403,
      json,
      '{"errorMessages":["You may not browse."]}',
      { kind: 'credential', code: 'jira_forbidden', message: expect.stringContaining('You may not browse.') },
    ],
    [
      'nothing there',
      404,
      json,
      '{"errorMessages":["Issue Does Not Exist"]}',
      { kind: 'refused', code: 'jira_not_found' },
    ],
    [
      'a bad request',
      400,
      json,
      '{"errorMessages":[],"errors":{"summary":"You must specify a summary of the issue."}}',
      { kind: 'refused', status: 400, fields: { summary: 'You must specify a summary of the issue.' } },
    ],
    [
      'a bad request from a proxy',
      413,
      html,
      '<html>Too Large</html>',
      { kind: 'refused', status: 413, message: 'Jira refused the request.' },
    ],
    ['a sign-in page with 200', 200, html, signIn, { kind: 'credential', code: 'jira_sign_in_page' }],
    [
      'a redirect to a sign-in page',
      302,
      { location: 'https://sso.example.com/login?back=x' },
      '',
      { code: 'jira_sign_in_page' },
    ],
    [
      'a redirect elsewhere',
      301,
      { location: 'https://jira.example.com/other' },
      '',
      { kind: 'refused', code: 'jira_redirected' },
    ],
    ['another web page with 200', 200, html, '<html>Maintenance</html>', { kind: 'unreadable' }],
    [
      'a guest dressed as success',
      200,
      { ...json, 'x-ausername': 'anonymous' },
      '{"total":0}',
      { code: 'jira_token_refused' },
    ],
    ['JSON of another shape', 200, json, '{"name":7}', { kind: 'unreadable', code: 'jira_unreadable' }],
    ['half of a JSON', 200, json, '{"name":"E1', { kind: 'unreadable' }],
    ['too many requests', 429, { 'retry-after': '7' }, '', { kind: 'rate_limited', retryAfterMs: 7_000 }],
    [
      'too many requests, without a usable time',
      429,
      { 'retry-after': 'soon' },
      '',
      { kind: 'rate_limited', retryAfterMs: undefined },
    ],
    [
      'a failure',
      500,
      html,
      '<html>stack trace</html>',
      { kind: 'unknown', status: 500, message: 'Jira failed with status 500.' },
    ],
  ])('%s', async (_name, status, headers, body, expected) => {
    const jira = await jiraAnswering((_request, response) => response.writeHead(status, headers).end(body));
    await expect(jira.myself()).rejects.toMatchObject(expected);
  });

  test.each([429, 500, 503])('What passes by itself says what is kept and what to do: %s', async (status) => {
    const jira = await jiraAnswering((_request, response) => response.writeHead(status).end());
    await expect(jira.myself()).rejects.toMatchObject({
      hint: expect.stringMatching(/is kept. Try again in a moment/),
    });
  });

  test('A token that a gateway repeats in its error text reaches nobody', async () => {
    const jira = await jiraAnswering((request, response) => {
      response
        .writeHead(400, json)
        .end(JSON.stringify({ errorMessages: [`Bad header ${request.headers.authorization}`] }));
    });
    await expect(jira.myself()).rejects.toMatchObject({ message: expect.not.stringContaining('s3cret') });
  });
});

describe('Repeating', () => {
  test('A reading call is repeated after a failure, a writing one never', async () => {
    const calls: string[] = [];
    const baseUrl = await loopback.serve((request, response) => {
      calls.push(request.method ?? '');
      response.writeHead(503).end();
    });
    const jira = createJiraRest(
      restDeps(baseUrl.slice(0, -1), { attempts: 2, initialDelayMs: 1, maxDelayMs: 2 }),
    );
    await expect(jira.projects()).rejects.toMatchObject({ kind: 'unknown' });
    await expect(jira.create({ summary: 'x' })).rejects.toMatchObject({ kind: 'unknown' });
    expect(calls).toEqual(['GET', 'GET', 'GET', 'POST']);
  });
});

test('A reading call that timed out is not repeated, so that nobody waits a multiple of the limit', async () => {
  let calls = 0;
  const baseUrl = await loopback.serve(() => (calls += 1));
  const deps = restDeps(baseUrl.slice(0, -1), { attempts: 3, initialDelayMs: 1, maxDelayMs: 2 });
  const jira = createJiraRest({ ...deps, timeouts: { ...deps.timeouts, firstByteMs: 30 } });
  await expect(jira.projects()).rejects.toMatchObject({ code: 'jira_timeout' });
  expect(calls).toBe(1);
});

test('Createmeta is read page by page, with and without isLast', async () => {
  const values = Array.from({ length: 250 }, (_, index) => ({ id: String(index), name: `Type ${index}` }));
  for (const withLast of [true, false]) {
    const jira = await jiraAnswering((request, response) => {
      const start = Number(new URL(request.url ?? '', 'http://x').searchParams.get('startAt'));
      const page = values.slice(start, start + 100);
      const isLast = withLast ? { isLast: start + 100 >= values.length } : {};
      response.end(JSON.stringify({ startAt: start, total: values.length, ...isLast, values: page }));
    });
    expect(await jira.issueTypes('DEMO')).toHaveLength(250);
  }
});

test('Confluence that takes the caller for a guest has refused the token', async () => {
  const baseUrl = await loopback.serve((_request, response) =>
    response.end('{"type":"anonymous","displayName":"Anonymous"}'),
  );
  const confluence = createConfluenceRest(restDeps(baseUrl.slice(0, -1)));
  await expect(confluence.currentUser()).rejects.toMatchObject({
    kind: 'credential',
    code: 'confluence_token_refused',
  });
});

function restDeps(baseUrl: string, retry = { attempts: 0, initialDelayMs: 1, maxDelayMs: 2 }) {
  return createRestDeps({ baseUrl, token: 's3cret', retry, http: loopback.closing(createTestHttp()) });
}

async function jiraAnswering(answer: Answering) {
  const baseUrl = await loopback.serve(answer);
  return createJiraRest(restDeps(baseUrl.slice(0, -1)));
}
