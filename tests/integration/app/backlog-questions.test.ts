import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { alice } from '../../../src/lib/sandbox/people.ts';
import type { ConfigChange } from '../../support/app-folder.ts';
import { startTalk, type Talk } from '../../support/main-job.ts';
import { startApp, type RunningApp, type SignedIn } from '../../support/running-app.ts';
import { shippedConfig } from '../../support/scripted-gateway.ts';

let running: RunningApp;
let who: SignedIn;
let talk: Talk;

async function start(config: ConfigChange = {}) {
  running = await startApp({ config });
  who = await running.join(alice);
  talk = await startTalk(running, who);
}

afterEach(() => running.close());

const question = 'What do we already have on exports?';
const steps = () => talk.eventsOf('step').map(({ body }) => body.label);

/** What reached the practice Jira and Confluence that was no reading. */
const writes = () =>
  (running.app.sandbox?.ledger.entries({}) ?? []).filter(
    ({ product, method, path }) => product !== 'llm' && method !== 'GET' && !path.endsWith('/search'),
  );

describe('A question about the backlog', () => {
  describe('with a model that asks for tools', () => {
    beforeEach(() => start());

    it('is answered from issues and pages that were read, before there is any story, and writes nothing', async () => {
      expect(await talk.say(question)).toMatchObject({ end: 'completed', problem: null });

      expect(talk.lastWords()).toMatch(/DEMO-\d+ .*\(.+\)/);
      expect(talk.lastWords()).toMatch(
        /Read for this answer: .*\[DEMO-\d+\]\(<http:\/\/[^>]+\/browse\/DEMO-\d+>\)/,
      );
      expect(steps()).toContainEqual(expect.stringMatching(/^Searching Jira: .*: \d+ issues?$/));
      expect(steps()).toContainEqual(expect.stringMatching(/^Searching Confluence: /));
      expect(steps()).toContainEqual(expect.stringMatching(/^Reading DEMO-\d+/));
      expect(talk.drafts()).toEqual([]);
      expect(talk.status()).toBe('done');
      expect(writes()).toEqual([]);
      const { today } = await running.app.services.usage.mine(who.actor);
      expect(today.calls).toBeGreaterThanOrEqual(4);
      expect(today.outputTokens).toBeGreaterThan(0);
    });

    it('goes on when Jira does not answer a search', async () => {
      running.app.sandbox?.faults.add({ target: 'jira', effect: { kind: 'reply', status: 500 }, times: 50 });
      expect(await talk.say(question)).toMatchObject({ end: 'completed', problem: null });
      expect(talk.lastWords()).not.toBe('');
    });
  });

  describe('with a model that cannot', () => {
    beforeEach(() => {
      const { tools: _, ...dialect } = shippedConfig().config.llm.dialect;
      return start({ llm: { endpoints: { converse: { path: '/v1/generate', dialect } } } });
    });

    it('is answered from one search, with what was found', async () => {
      expect(await talk.say(question)).toMatchObject({ end: 'completed', problem: null });
      expect(talk.lastWords()).toMatch(/Read for this answer: .*\[DEMO-\d+\]/);
      expect(steps()).toContain('Looking through the backlog');
      expect(steps()).toContain('Looking through the pages');
      expect(writes()).toEqual([]);
    });
  });
});
