import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import {
  connectionTestLineSchema,
  type ConnectionKind,
  type ConnectionStep,
} from '../../../src/lib/contracts/connection.ts';
import type { FaultRule } from '../../../src/lib/sandbox/faults.ts';
import { alice, omar } from '../../../src/lib/sandbox/people.ts';
import { POST } from '../../../src/routes/(app)/configurations/test/+server.ts';
import type { AppFolder } from '../../support/app-folder.ts';
import { makeLiveFolder, openCompanyNetwork, type CompanyNetwork } from '../../support/company-network.ts';
import { serveOpenAi } from '../../support/company-models.ts';
import { createLoopback } from '../../support/loopback.ts';
import { startApp, type RunningApp, type SignedIn } from '../../support/running-app.ts';

const loopback = createLoopback();
let network: CompanyNetwork;
let folder: AppFolder;
let running: RunningApp;
let who: SignedIn;

/** One live app for all: behind TLS with the company's own authority, without anything that a test would change. */
beforeAll(async () => {
  network = await openCompanyNetwork(loopback);
  const baseUrl = await serveOpenAi(loopback, [alice.llmCookie, omar.llmCookie]);
  const allowedHosts = ['localhost', '127.0.0.1'];
  folder = makeLiveFolder(network, { preset: 'openai-compatible', baseUrl }, { allowedHosts });
  running = await startApp({ folder });
  who = await running.join(alice);
});
afterEach(() => network.sandbox.faults.clear());
afterAll(async () => {
  await running.close();
  folder.remove();
  await loopback.close();
});

const configuration = () => running.app.services.configuration;

async function save(kind: ConnectionKind, change: { secret?: string; url?: string }): Promise<void> {
  const form = { secret: '', verifyTls: true, caPem: '', removeCa: false, ...change };
  await configuration().save(who.actor, kind, form);
}

/** Each step with its state, in order: "resolve passed, connect passed, ...". */
function told(steps: readonly ConnectionStep[]): string {
  return steps.map(({ step, state }) => `${step} ${state}`).join(', ');
}

const reached = 'resolve passed, connect passed, tls passed';

describe('A test that passes', () => {
  test.each([
    ['jira', `${reached}, authenticate passed, identity passed, permissions passed, tools passed`],
    ['confluence', `${reached}, authenticate passed, identity passed, permissions passed, tools passed`],
    ['llm', 'resolve passed, connect passed, tls skipped, authenticate passed, identity skipped'],
  ] as const)('of %s says of each step what was seen and how long it took', async (kind, steps) => {
    const { ok, steps: done } = await configuration().test(who.actor, kind);
    expect({ ok, told: told(done) }).toEqual({ ok: true, told: steps });
    for (const { state, sentence, durationMs } of done) {
      expect(sentence).toMatch(/\.$/);
      expect(typeof durationMs).toBe(state === 'passed' ? 'number' : 'object');
    }
  });

  test('is stored with its steps, for whoever opens the page later', async () => {
    const result = await configuration().test(who.actor, 'jira');
    const view = (await configuration().views(who.actor)).find(({ kind }) => kind === 'jira');
    expect(view?.lastTest?.steps).toEqual(result.steps);
    expect(JSON.stringify(view)).not.toContain(alice.jiraToken);
  });

  test('tells of its steps while it runs: one at a time, in order, none before the one before has ended', async () => {
    const seen: string[] = [];
    await configuration().test(who.actor, 'confluence', (steps) => {
      expect(steps.filter(({ state }) => state === 'running').length).toBeLessThanOrEqual(1);
      const running = steps.findIndex(({ state }) => state === 'running');
      if (running >= 0) {
        seen.push(steps[running]?.step ?? '');
        expect(steps.slice(0, running).every(({ state }) => state === 'passed')).toBe(true);
        expect(steps.slice(running + 1).every(({ state }) => state === 'waiting')).toBe(true);
      }
    });
    expect(seen).toEqual(['resolve', 'connect', 'tls', 'authenticate', 'identity', 'permissions', 'tools']);
  });
});

const signInForm = '<!DOCTYPE html><title>Log in</title><form><input type="password"></form>';
const answers = (path: string, status: number, more: object = {}): FaultRule => ({
  target: 'jira',
  match: { path },
  effect: { kind: 'reply', status, ...more },
});

describe('A test that fails names the step, what is wrong, and what to do, where Jira', () => {
  test.each<{ what: string; fault: FaultRule; at: string; code: string; sentence: RegExp; hint: RegExp }>([
    {
      what: 'refuses the token',
      fault: answers('/rest/api/2/myself', 401),
      at: 'authenticate',
      code: 'jira_token_refused',
      sentence: /did not accept the token/,
      hint: /Create a new personal access token/,
    },
    {
      what: 'wants a CAPTCHA',
      fault: answers('/rest/api/2/myself', 403, {
        headers: { 'x-seraph-loginreason': 'AUTHENTICATION_DENIED' },
        body: '<html>captcha</html>',
      }),
      at: 'authenticate',
      code: 'jira_captcha',
      sentence: /sign in once in the browser first/,
      hint: /CAPTCHA/,
    },
    {
      what: 'answers with a sign-in page',
      fault: answers('/rest/api/2/myself', 200, {
        headers: { 'content-type': 'text/html' },
        body: signInForm,
      }),
      at: 'authenticate',
      code: 'jira_sign_in_page',
      sentence: /answered with a sign-in page/,
      hint: /expired|gateway/,
    },
    {
      what: 'redirects to single sign-on',
      fault: answers('/rest/api/2/myself', 302, { headers: { location: 'https://sso.test/login' } }),
      at: 'authenticate',
      code: 'jira_sign_in_page',
      sentence: /sign-in page/,
      hint: /gateway/,
    },
    {
      what: 'is down behind its gateway',
      fault: answers('/rest/api/2/myself', 503, { body: '<html>Bad gateway</html>' }),
      at: 'authenticate',
      code: 'jira_failed',
      sentence: /failed with status 503/,
      hint: /Try again in a moment.*tell whoever runs Jira/,
    },
    {
      what: 'shows no project',
      fault: answers('/rest/api/2/project', 200, {
        headers: { 'content-type': 'application/json' },
        body: '[]',
      }),
      at: 'permissions',
      code: 'jira_nothing_visible',
      sentence: /shows no project/,
      hint: /let you in/,
    },
    {
      what: 'lets the person create no issues',
      fault: answers('/rest/api/2/mypermissions', 200, {
        headers: { 'content-type': 'application/json' },
        body: '{"permissions":{"CREATE_ISSUES":{"havePermission":false}}}',
      }),
      at: 'permissions',
      code: 'jira_may_not_create',
      sentence: /create issues in none of them/,
      hint: /Create Issues/,
    },
  ])('$what', async ({ fault, at, code, sentence, hint }) => {
    network.sandbox.faults.add(fault);
    const { ok, steps, problem } = await configuration().test(who.actor, 'jira');
    expect(ok).toBe(false);
    const failed = steps.findIndex(({ state }) => state === 'failed');
    expect(steps[failed]).toMatchObject({ step: at, problem });
    expect(steps.slice(failed + 1).every(({ state }) => state === 'skipped')).toBe(true);
    expect(problem).toMatchObject({ code, message: expect.stringMatching(sentence) });
    expect(problem?.hint ?? '').toMatch(hint);
  });
});

test('The token of somebody else fails at the identity, with both names, and leaves what comes after undone', async () => {
  await save('confluence', { secret: omar.confluenceToken });
  const asked = network.sandbox.ledger.entries({ product: 'confluence', path: '/rest/api/space' }).length;
  const { steps, problem } = await configuration().test(who.actor, 'confluence');
  expect(told(steps)).toBe(
    `${reached}, authenticate passed, identity failed, permissions skipped, tools skipped`,
  );
  expect(problem?.message).toContain(omar.employeeId);
  expect(problem?.message).toContain(alice.employeeId);
  expect(network.sandbox.ledger.entries({ product: 'confluence', path: '/rest/api/space' })).toHaveLength(
    asked,
  );
  await save('confluence', { secret: alice.confluenceToken });
});

test('An address where nobody listens fails before the token leaves', async () => {
  const nobody = (await loopback.nobody()).replace('http:', 'https:');
  await save('jira', { url: nobody, secret: alice.jiraToken });
  const { steps } = await configuration().test(who.actor, 'jira');
  expect(told(steps)).toBe(
    'resolve passed, connect failed, tls skipped, authenticate skipped, identity skipped, permissions skipped, tools skipped',
  );
  await save('jira', { url: network.jiraUrl, secret: alice.jiraToken });
});

test('The page gets one line for each change, and the result as the last one', async () => {
  const lines = await linesFor({ kind: 'confluence' });
  expect(lines.slice(0, -1).every((line) => 'steps' in line)).toBe(true);
  expect(lines.at(-1)).toMatchObject({ test: { kind: 'confluence', ok: true } });
  const refused = await POST(requestOf({ kind: 'anything' }) as never);
  expect(refused.status).toBe(400);
});

test('A test whose page was left goes on, and its result is there', async () => {
  const before = (await configuration().views(who.actor)).find(({ kind }) => kind === 'llm')?.lastTest;
  const { body } = await POST(requestOf({ kind: 'llm' }) as never);
  const reader = body?.getReader();
  await reader?.read();
  await reader?.cancel();
  const now = async () =>
    (await configuration().views(who.actor)).find(({ kind }) => kind === 'llm')?.lastTest;
  await expect.poll(async () => (await now())?.testedAt).not.toBe(before?.testedAt);
  expect(await now()).toMatchObject({ ok: true });
});

async function linesFor(body: object) {
  const answer = await POST(requestOf(body) as never);
  const lines = (await answer.text()).trimEnd().split('\n');
  return lines.map((line) => connectionTestLineSchema.parse(JSON.parse(line)));
}

/** What the endpoint takes of a request event. */
function requestOf(body: object) {
  const { services } = running.app;
  const request = new Request('http://localhost/configurations/test', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  return { locals: { actor: who.actor, session: {}, requestId: 'request-1', services }, request };
}
