import { describe, expect, it } from 'vitest';
import { draftAnswerSchema } from '../../contracts/model-answer.ts';
import { storyAnswer } from '../testing/story-answers.ts';
import { readAnswer } from './read-answer.ts';

const json = JSON.stringify({ message: 'Hi', stories: [storyAnswer()] });

describe('reading a model’s answer', () => {
  it.each([
    ['plain JSON', json],
    ['a code fence', `\`\`\`json\n${json}\n\`\`\``],
    ['a fence without an end', `\`\`\`\n${json}`],
    ['prose around it', `Sure, here it is:\n${json}\nAnything else?`],
    ['trailing commas', json.replace(']}', ',],}')],
    ['extra keys', json.replace('{', '{"thoughts":{"deep":true},')],
    ['single quotes', `{'message':'Hi','stories':[{'summary':'Export invoices'}]}`],
    ['comments', json.replace('{', '{ // my answer\n')],
  ])('forgives %s', (_, text) => {
    const read = readAnswer(text, draftAnswerSchema);
    expect(read).toMatchObject({
      ok: true,
      value: { message: 'Hi', stories: [{ summary: 'Export invoices' }] },
      unclosed: 0,
    });
  });

  it('reads what came whole of an answer that was cut off', () => {
    const read = readAnswer(json.slice(0, json.indexOf('CSV')), draftAnswerSchema);
    expect(read).toMatchObject({
      ok: true,
      value: { stories: [{ acceptanceCriteria: [{ text: 'Invoices export as PDF.', source: 'M1.1' }] }] },
      unclosed: 4,
    });
  });

  it.each([
    ['as lines of one text', '- Exports as PDF.\n- Exports as CSV.'],
    ['as plain texts', ['Exports as PDF.', 'Exports as CSV.']],
    ['under another key', [{ criterion: 'Exports as PDF.' }, { id: 'AC2', description: 'Exports as CSV.' }]],
    [
      'with empty ones between',
      [{ text: 'Exports as PDF.' }, {}, '', { text: '' }, null, { text: 'Exports as CSV.' }],
    ],
  ])('understands criteria %s', (_, acceptanceCriteria) => {
    const text = JSON.stringify({ stories: [{ ...storyAnswer(), acceptanceCriteria }] });
    expect(readAnswer(text, draftAnswerSchema)).toMatchObject({
      ok: true,
      value: {
        stories: [{ acceptanceCriteria: [{ text: 'Exports as PDF.' }, { text: 'Exports as CSV.' }] }],
      },
    });
  });

  it('does not take criteria that it cannot read for none: it says which', () => {
    const acceptanceCriteria = [{ text: 'Exports as PDF.' }, { given: 'an invoice', then: 'a file' }];
    const text = JSON.stringify({ stories: [{ ...storyAnswer(), acceptanceCriteria }] });
    expect(readAnswer(text, draftAnswerSchema)).toEqual({
      ok: false,
      reason: expect.stringContaining('stories.0.acceptanceCriteria.1'),
    });
  });

  it('keeps backticks inside a text apart from a fence', () => {
    const withCode = JSON.stringify({
      message: 'Hi',
      stories: [storyAnswer({ description: 'Run\n```json\n{"a":1}\n```\nnow' })],
    });
    expect(readAnswer(withCode, draftAnswerSchema)).toMatchObject({
      ok: true,
      value: { stories: [{ description: 'Run\n```json\n{"a":1}\n```\nnow' }] },
    });
  });

  it.each(['I cannot help with that.', '', '[1, 2]', '{"stories": []}', '{"error": "busy"}'])(
    'gives a reason for %j',
    (text) => {
      expect(readAnswer(text, draftAnswerSchema)).toEqual({ ok: false, reason: expect.stringMatching(/\S/) });
    },
  );
});
