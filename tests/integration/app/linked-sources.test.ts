import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { alice } from '../../../src/lib/sandbox/people.ts';
import type { Sandbox } from '../../../src/lib/sandbox/start-sandbox.ts';
import { startTalk } from '../../support/main-job.ts';
import { startApp, type RunningApp, type SignedIn } from '../../support/running-app.ts';

let running: RunningApp;
let who: SignedIn;
let sandbox: Sandbox;
beforeAll(async () => {
  running = await startApp();
  who = await running.join(alice);
  if (!running.app.sandbox) throw new Error('The practice servers did not start.');
  sandbox = running.app.sandbox;
});
afterEach(() => {
  sandbox.faults.clear();
});
afterAll(() => running.close());

test('What cannot be read of what a message links to is told one by one, and the rest is read', async () => {
  sandbox.faults.add({
    target: 'confluence',
    match: { pathPattern: 'content/65544' },
    effect: { kind: 'reply', status: 403, body: '{"statusCode":403,"message":"Not permitted"}' },
  });
  sandbox.faults.add({
    target: 'jira',
    match: { pathPattern: 'issue/DEMO-6' },
    effect: { kind: 'reply', status: 503, headers: { 'content-type': 'text/html' }, body: '<h1>Down</h1>' },
  });
  const page = (id: number) => `${sandbox.confluenceUrl}/pages/viewpage.action?pageId=${id}`;
  const talk = await startTalk(running, who);
  // SHA-256 looks like a key and is none: nobody is bothered with it.
  await talk.say(
    `Customers can download invoices with a SHA-256 sum: ${page(65541)}, ${page(65544)}, ${page(99999)}, DEMO-5 and DEMO-6.`,
  );
  expect(talk.eventsOf('source_added').map(({ body }) => body.title)).toEqual([
    'Customer roles',
    'DEMO-5 Export the invoice list as CSV',
  ]);
  const [told] = talk.eventsOf('message_added').filter(({ body }) => body.role === 'assistant');
  expect(told?.body.text.split('\n').filter((line) => line.startsWith('- '))).toEqual([
    expect.stringMatching(/^- Page 65544: Confluence .+/),
    '- Page 99999: it is not there, or you may not see it.',
    expect.stringMatching(/^- DEMO-6: Jira .+/),
  ]);
  expect(told?.body.text).not.toContain('SHA-256');
});
