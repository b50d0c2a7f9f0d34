import { existsSync, readFileSync } from 'node:fs';
import Database from 'better-sqlite3';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { InterruptClosed } from './story-agent.ts';
import {
  agentHarness,
  interruptOf,
  noQuestions,
  oneStory,
  REQUIREMENT,
  twoQuestions,
  type AgentHarness,
} from './testing/agent-harness.ts';
import { scriptedModel, stalling } from './testing/scripted-model.ts';

let talk: AgentHarness;
beforeEach(() => {
  talk = agentHarness();
});
afterEach(() => talk.dispose());

describe('stop and crash', () => {
  it('stops at once in mid-draft, and what was streamed stays', async () => {
    const stop = new AbortController();
    const reason = new Error('stopped by the person');
    const model = scriptedModel({
      clarify: noQuestions,
      draft: stalling('{"message":"Half', () => stop.abort(reason)),
    });
    const input = talk.world.says(REQUIREMENT);
    await expect(talk.run(input, talk.context(model, stop.signal))).rejects.toBe(reason);
    expect([...talk.world.streams.values()]).toEqual([
      { channel: 'drafts', text: '{"message":"Half', ended: { text: '{"message":"Half', cut: true } },
    ]);
    expect(talk.world.drafts.drafts).toEqual([]);

    talk.restart();
    await talk.run(input, talk.context(scriptedModel({ clarify: noQuestions, draft: oneStory })));
    expect(talk.openDrafts()).toHaveLength(1);
  });

  it('goes on with stories that a run saved before it broke off, without drafting them twice', async () => {
    const model = scriptedModel({ clarify: noQuestions, draft: oneStory });
    const input = talk.world.says(REQUIREMENT);
    talk.world.faults.prepare = new Error('Jira is down');
    await expect(talk.run(input, talk.context(model))).rejects.toBe(talk.world.faults.prepare);
    delete talk.world.faults.prepare;
    // A killed process leaves no checkpoint of the run either.
    await talk.forget('conversation');
    talk.restart();
    const outcome = await talk.run(input, talk.context(model));
    expect(interruptOf(outcome, 'review')).toBeTruthy();
    expect(model.callsOf('draft')).toHaveLength(1);
    expect(talk.openDrafts()).toHaveLength(1);
  });

  it('takes answers up again when the run that they resumed broke off', async () => {
    const failing = scriptedModel({
      clarify: twoQuestions,
      draft: () => Promise.reject(new Error('model down')),
    });
    const asked = await talk.run(talk.world.says(REQUIREMENT), talk.context(failing));
    const input = talk.answers(interruptOf(asked, 'clarify'), ['Everybody', 'Ten']);
    await expect(talk.run(input, talk.context(failing))).rejects.toThrow('model down');
    talk.restart();
    const model = scriptedModel({ draft: oneStory });
    expect(await talk.run(input, talk.context(model))).toMatchObject({
      end: 'waiting',
      interrupt: { kind: 'review' },
    });
    expect(model.callsOf('draft')[0]?.block('requirement')).toBe(`M1.1 ${REQUIREMENT}`);
  });

  it('takes an answer in words up again when the run that it resumed broke off', async () => {
    const failing = scriptedModel({
      clarify: twoQuestions,
      draft: () => Promise.reject(new Error('model down')),
    });
    const asked = await talk.run(talk.world.says(REQUIREMENT), talk.context(failing));
    const input = talk.inWords(asked, 'Everybody, ten at once.');
    await expect(talk.run(input, talk.context(failing))).rejects.toThrow('model down');
    talk.restart();
    const model = scriptedModel({ draft: oneStory });
    await talk.run(input, talk.context(model));
    expect(model.callsOf('draft')[0]?.block('requirement')).toBe(`M1.1 ${REQUIREMENT}`);
    expect(model.callsOf('draft')[0]?.block('clarifications')).toContain(
      'Who may export? => (answered in M2)',
    );
  });

  it('only says again where it rests when the same input comes again', async () => {
    const model = scriptedModel({ clarify: noQuestions, draft: oneStory });
    const input = talk.world.says(REQUIREMENT);
    const first = await talk.run(input, talk.context(model));
    expect(await talk.run(input, talk.context(model))).toEqual(first);
    const yes = talk.approval(interruptOf(first, 'review'), talk.openDrafts());
    await talk.run(yes, talk.context(model));
    expect(await talk.run(yes, talk.context(model))).toEqual({ end: 'completed' });
    expect(talk.world.created).toHaveLength(1);
    expect(model.calls).toHaveLength(2);
  });

  it('refuses an approval of another review than the open one', async () => {
    const model = scriptedModel({ clarify: noQuestions, draft: oneStory });
    await talk.run(talk.world.says(REQUIREMENT), talk.context(model));
    await expect(talk.run(talk.approval('another', talk.openDrafts()), talk.context(model))).rejects.toThrow(
      InterruptClosed,
    );
    expect(talk.world.created).toEqual([]);
  });

  it('keeps its place when it is stopped while it takes an answer', async () => {
    const model = scriptedModel({ clarify: twoQuestions, draft: oneStory });
    const asked = await talk.run(talk.world.says(REQUIREMENT), talk.context(model));
    const input = talk.answers(interruptOf(asked, 'clarify'), ['Everybody', 'Ten']);
    await expect(talk.run(input, talk.context(model, AbortSignal.abort(new Error('stop'))))).rejects.toThrow(
      'stop',
    );
    expect(await talk.run(input, talk.context(model))).toMatchObject({ interrupt: { kind: 'review' } });
  });
});

describe('the checkpoint file', () => {
  it('holds nothing of the run context, of what people wrote, or of an error', async () => {
    const canary = 'CANARY-s3cret';
    talk.world.settings.systemInstructions = canary;
    talk.world.settings.customPrompt = { id: 'own', name: 'Own', text: canary };
    const model = scriptedModel({
      clarify: twoQuestions,
      draft: [() => Promise.reject(new Error(`401 with ${canary}`)), oneStory],
    });
    const asked = await talk.run(
      talk.world.says(`${REQUIREMENT} {"lc":1,"type":"constructor","id":["${canary}"]}`),
      talk.context(model),
    );
    const input = talk.answers(interruptOf(asked, 'clarify'), [canary, '{"lc":1}']);
    await expect(talk.run(input, talk.context(model))).rejects.toThrow(canary);
    await talk.run(input, talk.context(model));
    talk.close();
    const bytes = ['', '-wal']
      .map((suffix) => talk.checkpointFile + suffix)
      .filter((file) => existsSync(file))
      .map((file) => readFileSync(file, 'latin1'))
      .join('');
    expect(bytes).toContain('Who may export?');
    expect(bytes).not.toContain(canary);
  });

  it('keeps one checkpoint a thread, and none of a forgotten one', async () => {
    const model = scriptedModel({ clarify: twoQuestions, draft: oneStory });
    const asked = await talk.run(talk.world.says(REQUIREMENT), talk.context(model));
    await talk.run(talk.answers(interruptOf(asked, 'clarify'), ['Everybody', 'Ten']), talk.context(model));
    expect(checkpointCount()).toBe(1);
    await talk.forget('conversation');
    expect(checkpointCount()).toBe(0);
  });

  function checkpointCount(): unknown {
    const database = new Database(talk.checkpointFile, { readonly: true });
    const count = database.prepare('SELECT count(*) FROM checkpoints').pluck().get();
    database.close();
    return count;
  }
});
