import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { FaultEffect } from '../../../src/lib/sandbox/faults.ts';
import { alice } from '../../../src/lib/sandbox/people.ts';
import type { Sandbox } from '../../../src/lib/sandbox/start-sandbox.ts';
import { requirement, startTalk } from '../../support/main-job.ts';
import { startApp, type RunningApp, type SignedIn } from '../../support/running-app.ts';

let running: RunningApp;
let who: SignedIn;
let sandbox: Sandbox;

beforeAll(async () => {
  // A time-out is not repeated, so a busy machine has to stay below them.
  const timeouts = { connectMs: 2_000, firstByteMs: 1_500, idleMs: 1_500, totalMs: 5_000 };
  running = await startApp({ config: { llm: { timeouts } } });
  who = await running.join(alice);
  if (!running.app.sandbox) throw new Error('The practice servers did not start.');
  sandbox = running.app.sandbox;
});
afterAll(() => running.close());

const page = { 'content-type': 'text/html' };
const events = { 'content-type': 'text/event-stream' };
const said = (...texts: string[]) =>
  `${texts.map((delta) => `data: ${JSON.stringify({ delta })}\n\n`).join('')}data: [DONE]\n\n`;

const modes: [string, FaultEffect][] = [
  ['answers 503 every time', { kind: 'reply', status: 503, body: '{"error":{"message":"down"}}' }],
  ['shows an error page', { kind: 'reply', status: 502, headers: page, body: '<html>Bad gateway</html>' }],
  ['shows a sign-in page as a success', { kind: 'reply', status: 200, headers: page, body: '<html>Log in' }],
  [
    'does not know the cookie any more',
    { kind: 'reply', status: 401, body: '{"error":{"message":"expired"}}' },
  ],
  ['asks to wait for an hour', { kind: 'reply', status: 429, headers: { 'retry-after': '3600' } }],
  ['never answers', { kind: 'hang' }],
  ['drops every connection', { kind: 'drop-before' }],
  ['is cut after a few characters', { kind: 'cut-body', afterBytes: 12 }],
  ['is cut midway', { kind: 'cut-body' }],
  ['sends a broken stream', { kind: 'malformed-body' }],
  [
    'reports an error in mid-stream',
    {
      kind: 'reply',
      status: 200,
      headers: events,
      body: 'data: {"delta":"{"}\n\ndata: {"error":{"message":"overloaded"}}\n\n',
    },
  ],
  [
    'refuses in prose',
    { kind: 'reply', status: 200, headers: events, body: said('I cannot ', 'help with that.') },
  ],
  ['says nothing', { kind: 'reply', status: 200, headers: events, body: said() }],
];

/** The most calls that one turn may cost: each step asks at most three times, each try at most twice. */
const mostCalls = 24;

describe.each(modes)('A model that %s', (_, effect) => {
  test.each([
    ['at once', 0],
    ['once the questions are answered', 1],
  ])('%s ends the turn with a clear state, and the conversation goes on', async (_when, turn) => {
    const talk = await startTalk(running, who);
    if (turn > 0) await talk.say(requirement);
    const before = sandbox.ledger.entries({ product: 'llm' }).length;
    sandbox.faults.add({ target: 'llm', effect });
    const { end, problem } = turn > 0 ? await talk.skipQuestions() : await talk.say(requirement);
    sandbox.faults.clear();

    expect(sandbox.ledger.entries({ product: 'llm' }).length - before).toBeLessThanOrEqual(mostCalls);
    expect(talk.status()).not.toBe('working');
    if (end === 'failed') {
      expect(problem?.code).toMatch(/^llm_/);
      expect(problem?.message).toMatch(/\w+.*\.$/);
      expect(talk.status()).toBe('failed');
    } else {
      // It ended in order, so the person was told what came, or has stories or questions to look at.
      expect(talk.lastWords()).not.toBe('');
    }

    if (talk.status() === 'failed') await talk.goOn();
    else await talk.say(requirement);
    for (let rounds = 0; talk.status() === 'needs_answer' && rounds < 3; rounds++) await talk.skipQuestions();
    expect(talk.status()).toBe('needs_review');
    expect(talk.ready().length).toBeGreaterThan(0);
    talk.tab.close();
  });
});
