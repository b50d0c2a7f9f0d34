import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { alice } from '../../../src/lib/sandbox/people.ts';
import { requirement, startTalk } from '../../support/main-job.ts';
import { startApp, type RunningApp } from '../../support/running-app.ts';

let running: RunningApp | undefined;
afterEach(async () => {
  await running?.close();
  running = undefined;
});

test('Over the daily budget the run stops with a sentence, and goes on when there is more', async () => {
  running = await startApp({ config: { llm: { budgets: { tokensPerDay: 1 } } } });
  const who = await running.join(alice);
  const talk = await startTalk(running, who);

  // The connection test has used more than one token.
  const ended = await talk.say(requirement);

  expect(ended).toMatchObject({ end: 'failed', problem: { code: 'model_budget_spent', retryable: false } });
  expect(ended.problem?.hint).toMatch(/^Everything so far is kept\./);
  const { today, tokensPerDay } = await running.app.services.usage.mine(who.actor);
  expect(tokensPerDay).toBe(1);
  expect(today.calls).toBe(1);

  await changeBudget(running, 0);
  expect(await talk.goOn()).toMatchObject({ end: 'waiting' });
  expect(talk.eventsOf('message_added')[0]?.body.text).toBe(requirement);
  expect((await running.app.services.usage.mine(who.actor)).today.calls).toBeGreaterThan(1);
});

async function changeBudget({ app, folder }: RunningApp, tokensPerDay: number): Promise<void> {
  const file = join(folder.path, 'config', 'config.json');
  const config = JSON.parse(readFileSync(file, 'utf8')) as { llm: object };
  writeFileSync(file, JSON.stringify({ ...config, llm: { ...config.llm, budgets: { tokensPerDay } } }));
  const owner = { userId: '', employeeId: '', role: 'administrator' as const, requestId: 'r' };
  const inForce = async () => (await app.services.usage.everybody(owner)).tokensPerDay === null;
  while (!(await inForce())) await new Promise((resolve) => setTimeout(resolve, 20));
}
