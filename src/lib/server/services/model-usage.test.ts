import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { addPerson } from '../../../../tests/support/people.ts';
import { openTempDatabase, type TempDatabase } from '../../../../tests/support/temp-database.ts';
import type { ChatModel, ModelAnswer, ModelCall } from '../../agent/ports.ts';
import { createIds } from '../clock.ts';
import { createModelCallRepository } from '../repositories/model-call-repository.ts';
import { createModelUsage, type ModelUsage } from './model-usage.ts';
import type { Actor } from './services.ts';

const hour = 3_600_000;
let temp: TempDatabase;
let ada: Actor;
let now: number;
let tokensPerDay: number;
let usage: ModelUsage;

beforeEach(() => {
  temp = openTempDatabase();
  ada = addPerson(temp.db);
  now = Date.UTC(2026, 10, 23, 23, 30);
  tokensPerDay = 0;
  const clock = { now: () => now };
  usage = createModelUsage({
    calls: createModelCallRepository(temp.db),
    tokensPerDay: () => tokensPerDay,
    clock,
    ids: createIds(clock),
    log: { error: () => undefined },
  });
});
afterEach(() => temp.dispose());

const told = { text: 'Hello', cut: false, inputTokens: 100, outputTokens: 20 };

function meteredModel(answer: Partial<ModelAnswer> | Error = {}, { userId } = ada): ChatModel {
  const model: ChatModel = {
    async complete({ onDelta }) {
      if (answer instanceof Error) throw answer;
      onDelta?.('Hel');
      onDelta?.('lo');
      return { ...told, ...answer };
    },
  };
  return usage.metered(model, { userId, conversationId: null, runId: null });
}

function call(overrides: Partial<ModelCall> = {}): ModelCall {
  const messages = [{ role: 'user' as const, content: 'x'.repeat(36) }];
  return { type: 'draft', system: 'Say', messages, signal: new AbortController().signal, ...overrides };
}

describe('The use of the model', () => {
  it('is counted for its person alone, by day and by month', async () => {
    const omar = addPerson(temp.db, { employeeId: 'omar' });
    await meteredModel().complete(call());
    await meteredModel({}, omar).complete(call());
    now += hour;
    await meteredModel().complete(call());

    const { today, month } = await usage.mine(ada);
    expect(today).toMatchObject({ calls: 1, inputTokens: 100, outputTokens: 20, hasEstimates: false });
    expect(month).toMatchObject({ calls: 2, inputTokens: 200, outputTokens: 40 });
  });

  it('is shown in total to administrators only', async () => {
    await meteredModel().complete(call());
    expect(await usage.everybody({ ...ada, role: 'administrator' })).toMatchObject({ today: { calls: 1 } });
    await expect(usage.everybody(ada)).rejects.toMatchObject({ code: 'not_found' });
  });

  it('is estimated where the model does not tell, and says so', async () => {
    await meteredModel({ inputTokens: null, outputTokens: null }).complete(call());
    const { today } = await usage.mine(ada);
    expect(today).toMatchObject({ inputTokens: 10, outputTokens: 2, hasEstimates: true });
  });

  it('counts a call that failed before its first word as a call without tokens', async () => {
    await expect(meteredModel(new Error('gone')).complete(call())).rejects.toThrow('gone');
    expect((await usage.mine(ada)).today).toMatchObject({ calls: 1, inputTokens: 0, outputTokens: 0 });
  });

  it('passes every piece of text on', async () => {
    const pieces: string[] = [];
    await meteredModel().complete(call({ onDelta: (delta) => pieces.push(delta) }));
    expect(pieces).toEqual(['Hel', 'lo']);
  });

  it('is forgotten after a year and a month', async () => {
    await meteredModel().complete(call());
    now += 399 * 24 * hour;
    expect(await usage.removeOld()).toBe(0);
    now += 2 * 24 * hour;
    expect(await usage.removeOld()).toBe(1);
  });
});

describe('A daily budget', () => {
  it('refuses the call after the one that used it up, until the next day', async () => {
    tokensPerDay = 150;
    await meteredModel().complete(call());
    await meteredModel().complete(call());
    await expect(meteredModel().complete(call())).rejects.toMatchObject({
      code: 'model_budget_spent',
      message: 'You have used the 150 tokens of the language model that are yours for today.',
    });
    expect((await usage.mine(ada)).today.calls).toBe(2);

    now += hour;
    await expect(meteredModel().complete(call())).resolves.toMatchObject({ text: 'Hello' });
  });

  it('does not keep a connection from being tested', async () => {
    tokensPerDay = 1;
    await meteredModel().complete(call());
    await expect(meteredModel().complete(call({ type: 'test' }))).resolves.toMatchObject({ text: 'Hello' });
  });
});
