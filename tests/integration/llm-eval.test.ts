import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { scriptedModel } from '../../src/lib/agent/testing/scripted-model.ts';
import { storyAnswer } from '../../src/lib/agent/testing/story-answers.ts';
import type { EvalReport } from '../eval/eval-report.ts';
import { evaluate } from '../eval/evaluate.ts';
import { evaluateModel } from '../eval/llm-eval.ts';
import { requirements } from '../eval/requirements.ts';
import { writeClumsily } from '../support/clumsy-writer.ts';
import { serveAnthropic, serveOpenAi } from '../support/company-models.ts';
import { makeLiveFolder } from '../support/company-network.ts';
import { createLoopback } from '../support/loopback.ts';
import { shippedConfig } from '../support/scripted-gateway.ts';

const loopback = createLoopback();
let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'backlogue-eval-'));
});
afterEach(async () => {
  await loopback.close();
  rmSync(folder, { recursive: true, force: true });
});

const oversized = requirements.find(({ id }) => id === 'oversized') ?? { id: '', tries: '', text: '' };

const key = 'sk-eval';

/** The evaluation of two texts by a model that is configured live, from a preset. */
async function evaluateBehind(
  preset: 'openai-compatible' | 'anthropic-messages',
  baseUrl: string,
): Promise<EvalReport> {
  const urls = { jiraUrl: 'https://jira.example.com', confluenceUrl: 'https://wiki.example.com' };
  const live = makeLiveFolder(urls, { preset, baseUrl });
  try {
    const args = ['--only', 'clear,oversized', '--out', join(folder, 'eval.json')];
    const env = { ...live.env, LLM_CREDENTIAL: key };
    return (await evaluateModel(args, env, () => undefined)).report;
  } finally {
    live.remove();
  }
}

describe('The evaluation of a model', () => {
  it('takes texts through the practice writer, prints a table and writes all of it as JSON', async () => {
    const lines: string[] = [];
    const out = join(folder, 'eval.json');
    const args = ['--only', 'clear,oversized', '--out', out];
    const { exitCode } = await evaluateModel(args, { CONFIG_DIR: 'config' }, (line) => lines.push(line));
    expect(exitCode).toBe(0);
    const written = JSON.parse(readFileSync(out, 'utf8')) as EvalReport;
    expect(written.evaluations.map(({ id, failure, conserved }) => [id, failure, conserved])).toEqual([
      ['clear', null, true],
      ['oversized', null, true],
    ]);
    expect(written.evaluations[1]?.splits).toBeGreaterThan(0);
    expect(written.lookUp).toMatchObject({ namesWhatItRead: true, namesWhatNobodyRead: false });
    expect(lines.filter((line) => /^\| (clear|oversized|all) \|/.test(line))).toHaveLength(3);
  });

  it.each([
    ['openai-compatible', serveOpenAi],
    ['anthropic-messages', serveAnthropic],
  ] as const)('reaches a model behind the preset %s, its tools too', async (preset, serve) => {
    const report = await evaluateBehind(preset, await serve(loopback, [key]));
    expect(report.evaluations).toMatchObject([
      { id: 'clear', failure: null, formRepairs: 0, conserved: true },
      { id: 'oversized', failure: null, formRepairs: 0, conserved: true },
    ]);
    expect(report.lookUp).toMatchObject({ namesWhatItRead: true, namesWhatNobodyRead: false });
  });

  it('tells a clumsy model from a careful one, and both lose nothing', async () => {
    const baseUrl = await serveOpenAi(loopback, [key], writeClumsily);
    const { evaluations } = await evaluateBehind('openai-compatible', baseUrl);
    expect(evaluations).toMatchObject([
      // Told once why a question needs a reason, and once what a split lost; prose and fences are understood.
      { id: 'clear', failure: null, formRepairs: 2, criteriaWithSource: 0, splits: 1, splitsWholeAtFirst: 0 },
      { id: 'oversized', failure: null, formRepairs: 2, criteriaWithSource: 0 },
    ]);
    expect(evaluations.every(({ conserved }) => conserved)).toBe(true);
  });

  it('counts what a model gets wrong: form, rules, a criterion that a split loses', async () => {
    const criteria = ['PDF', 'CSV', 'XML'].map((text) => ({ text, source: 'M1.1' }));
    const tooBig = storyAnswer({ acceptanceCriteria: criteria, storyPoints: 8, stlcNotes: '' });
    const child = { summary: 'Part', description: '', stlcNotes: 'Try it.', storyPoints: 2, labels: [] };
    const model = scriptedModel({
      clarify: () => ({
        title: 'T',
        message: '',
        questions: [{ question: 'Who?' }, { question: 'When?', why: 'It changes the plan.' }],
      }),
      draft: [() => 'Sure, here are your stories.', () => ({ message: '', stories: [tooBig] })],
      repair: () => ({ story: { ...tooBig, stlcNotes: 'Try it.' } }),
      split: [
        () => ({
          message: '',
          children: [
            { ...child, criteria: [1] },
            { ...child, criteria: [2] },
          ],
        }),
        () => ({
          message: '',
          children: [
            { ...child, criteria: [1, 3] },
            { ...child, criteria: [2] },
          ],
        }),
      ],
    });
    expect(await evaluate(oversized, model, shippedConfig())).toMatchObject({
      failure: null,
      questions: 1,
      drafted: 1,
      validAtFirst: 0,
      // Two for the question without a reason, one for prose in place of stories, one for the lost criterion.
      formRepairs: 4,
      ruleRepairs: 1,
      stories: 2,
      criteria: 3,
      criteriaWithSource: 3,
      splits: 1,
      splitsWholeAtFirst: 0,
      conserved: true,
    });
  });

  it('says of a model that gives nothing usable what it said', async () => {
    const model = scriptedModel({
      clarify: () => 'I would rather talk.',
      draft: () => 'I would rather talk.',
    });
    const { failure, stories } = await evaluate(oversized, model, shippedConfig());
    expect(failure).toContain('I would rather talk.');
    expect(stories).toBe(0);
  });
});
