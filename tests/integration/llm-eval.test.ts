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
import { shippedConfig } from '../support/scripted-gateway.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'backlogue-eval-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const oversized = requirements.find(({ id }) => id === 'oversized') ?? { id: '', tries: '', text: '' };

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
