import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { alice, omar } from '../../../src/lib/sandbox/people.ts';
import type { ConnectionKind } from '../../../src/lib/contracts/connection.ts';
import type { AppFolder, ConfigChange } from '../../support/app-folder.ts';
import { makeLiveFolder, openCompanyNetwork, type CompanyNetwork } from '../../support/company-network.ts';
import { serveAnthropic, serveOpenAi } from '../../support/company-models.ts';
import { createLoopback } from '../../support/loopback.ts';
import { startTalk, type Talk } from '../../support/main-job.ts';
import { startApp, type RunningApp, type SignedIn } from '../../support/running-app.ts';

const loopback = createLoopback();
/** As long as the tokens of a real Data Center. */
const longToken = 'M'.repeat(44);

let network: CompanyNetwork;
let folder: AppFolder;
let running: RunningApp;
beforeEach(async () => {
  network = await openCompanyNetwork(loopback);
});
afterEach(async () => {
  await running.close();
  folder.remove();
  await loopback.close();
});

async function startLive(
  preset: 'openai-compatible' | 'anthropic-messages' = 'openai-compatible',
  change: ConfigChange = {},
  options: Parameters<typeof makeLiveFolder>[3] = {},
): Promise<void> {
  const keys = [alice.llmCookie, omar.llmCookie];
  const serve = preset === 'openai-compatible' ? serveOpenAi : serveAnthropic;
  folder = makeLiveFolder(network, { preset, baseUrl: await serve(loopback, keys) }, change, options);
  running = await startApp({ folder });
}

function save({ actor }: SignedIn, kind: ConnectionKind, secret: string) {
  const form = { secret, verifyTls: true, caPem: '', removeCa: false };
  return running.app.services.configuration.save(actor, kind, form);
}

describe('In live mode', () => {
  test.each(['openai-compatible', 'anthropic-messages'] as const)(
    'a person comes from a token to issues in the company’s Jira, with a model behind the preset %s',
    async (preset) => {
      await startLive(preset);
      expect(running.app.sandbox).toBeNull();
      expect(running.app.services.system.practicePeople()).toEqual([]);

      const who = await running.join(alice);
      const talk = await startTalk(running, who);
      await talk.toReview();
      expect(await talk.approve()).toMatchObject({ end: 'completed' });

      const created = talk.drafts().filter(({ status }) => status === 'created');
      expect(created.length).toBeGreaterThan(1);
      for (const { issue } of created) expect(issue?.url).toBe(`${network.jiraUrl}/browse/${issue?.key}`);
      expect(postedIssues()).toHaveLength(created.length);
      expect(await talk.say('What do we already have on exports?')).toMatchObject({ end: 'completed' });
      expect(talk.lastWords()).toMatch(/Read for this answer: .*\[DEMO-\d+\]/);
      expect(steps(talk)).toContainEqual(
        expect.stringMatching(/^Searching Jira: text ~ "export" .*: \d+ issues?$/),
      );
      expect(postedIssues()).toHaveLength(created.length);
      const { today } = await running.app.services.usage.mine(who.actor);
      expect(today).toMatchObject({ hasEstimates: false, inputTokens: 40 * today.calls });
    },
  );

  test('every connection must answer as the same employee', async () => {
    await startLive();
    const who = await running.join(alice);
    await save(who, 'confluence', omar.confluenceToken);

    const { ok, problem } = await running.app.services.configuration.test(who.actor, 'confluence');

    expect(ok).toBe(false);
    expect(problem?.message).toContain(omar.employeeId);
    expect(problem?.message).toContain(alice.employeeId);
    const features = await running.app.services.configuration.features(who.actor);
    expect(features).toContainEqual({ feature: 'pageSources', open: false, missing: ['confluence'] });
  });

  test('a Confluence token has at most 20 characters, unless the configuration allows more', async () => {
    await startLive();
    const who = await running.join(alice);
    await expect(save(who, 'confluence', longToken)).rejects.toMatchObject({
      fields: { secret: expect.stringContaining('20') as string },
    });
    await running.close();
    folder.remove();

    await startLive('openai-compatible', { confluence: { tokenMaxLength: 44 } });
    const again = await running.join(alice);
    expect(await save(again, 'confluence', longToken)).toMatchObject({ hasSecret: true, secretLength: 44 });
  });

  test('an authority that nobody configured is refused before a token is sent, with a sentence', async () => {
    await startLive('openai-compatible', {}, { authorityConfigured: false });
    const joining = running.join(alice);
    await expect(joining).rejects.toMatchObject({
      upstream: 'jira',
      message: expect.stringContaining('certificate') as string,
    });
    expect(network.sandbox.ledger.entries({ product: 'jira' })).toEqual([]);
  });
});

function steps({ eventsOf }: Talk): string[] {
  return eventsOf('step').map(({ body }) => body.label);
}

function postedIssues() {
  const posts = network.sandbox.ledger.entries({
    product: 'jira',
    method: 'POST',
    path: '/rest/api/2/issue',
  });
  return posts.filter(({ path }) => path === '/rest/api/2/issue');
}
