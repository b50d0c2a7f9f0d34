import { describe, expect, it } from 'vitest';
import { collectCitables, numberSentences, resolveCitation } from './citations.ts';

const message = (text: string, number: number | null = 1) => ({
  messageId: 'm',
  role: 'user' as const,
  text,
  number,
});

describe('numbering', () => {
  it('counts sentences over lines, and passes over what has no words', () => {
    const lines = numberSentences(
      message('Export as PDF. And "CSV!" It costs 3.5 euros.\n\n---\n- by e-mail\n- e.g. to the owner'),
    );
    expect(lines).toEqual([
      { ref: 'M1.1', text: 'Export as PDF.' },
      { ref: 'M1.2', text: 'And "CSV!"' },
      { ref: 'M1.3', text: 'It costs 3.5 euros.' },
      { ref: 'M1.4', text: '- by e-mail' },
      { ref: 'M1.5', text: '- e.g. to the owner' },
    ]);
  });

  it('gives the assistant no numbers: it is nobody’s source', () => {
    expect(numberSentences({ ...message('Hello.', null), role: 'assistant' })).toEqual([]);
  });
});

describe('resolving', () => {
  const citables = collectCitables({
    messages: [message('Export as PDF. Mail it.')],
    answers: [
      { id: 'A1', question: 'Who?', why: '', suggestions: [], answer: 'Owners' },
      { id: 'A2', question: 'When?', why: '', suggestions: [], answer: null },
    ],
    sources: [
      {
        sourceId: 's',
        ref: 'S1',
        kind: 'page',
        title: 'Rules',
        version: '3',
        url: 'http://wiki/1',
        paragraphs: ['Keep 10\nyears.'],
      },
    ],
  });

  it.each([
    ['M1.2', { kind: 'message', ref: 'M1.2', quote: 'Mail it.' }],
    ['[m1.1]', { kind: 'message', ref: 'M1.1', quote: 'Export as PDF.' }],
    ['M1', { kind: 'message', ref: 'M1.1', quote: 'Export as PDF.' }],
    [
      'S1.1, M1.1',
      { kind: 'page', ref: 'S1.1', quote: 'Keep 10 years.', title: 'Rules', url: 'http://wiki/1' },
    ],
    ['M9.9 or A1', { kind: 'answer', ref: 'A1', quote: 'Who? Owners' }],
  ])('%s is found', (ref, source) => {
    expect(resolveCitation(ref, citables)).toEqual(source);
  });

  it.each(['assumed', 'M1.7', 'S2.1', 'A9', '', 'my own mind'])('%s is an assumption', (ref) => {
    expect(resolveCitation(ref, citables).kind).toBe('assumption');
  });

  it('a skipped question is an assumption that names the question', () => {
    expect(resolveCitation('A2', citables)).toEqual({ kind: 'assumption', quote: '“When?” was skipped.' });
  });
});
