import { describe, expect, it } from 'vitest';
import { readAnswer } from '../../agent/model/read-answer.ts';
import { draftAnswerSchema } from '../../contracts/model-answer.ts';
import { inHabit } from './writing-habits.ts';

const answer = JSON.stringify({
  message: 'This looks like one piece of work.',
  stories: [
    {
      summary: 'Export invoices',
      description: 'As a customer …',
      acceptanceCriteria: [
        { text: 'A PDF is offered.', source: 'M1.1' },
        { text: 'A CSV is offered.', source: 'M1.1' },
      ],
      stlcNotes: 'Try both.',
      storyPoints: 2,
      labels: ['export'],
    },
  ],
});

describe('The habits of the practice writer', () => {
  it.each(['code fence', 'trailing commas', 'extra keys'])(
    'spoil the form and not the content: %s',
    (habit) => {
      const spoiled = inHabit(habit, answer);
      expect(() => expect(JSON.parse(spoiled)).toEqual(JSON.parse(answer))).toThrow();
      const read = readAnswer(spoiled, draftAnswerSchema);
      expect(read.ok && read.value).toMatchObject(JSON.parse(answer) as object);
    },
  );

  it('lose the end, or the whole form', () => {
    const cut = inHabit('cut off', answer);
    expect(answer.startsWith(cut)).toBe(true);
    expect(cut.length).toBeLessThan(answer.length);
    expect(inHabit('prose', answer)).not.toMatch(/[{}]/);
    expect(readAnswer(inHabit('prose', answer), draftAnswerSchema).ok).toBe(false);
  });

  it('leave alone what is no JSON, and a name that stands for none', () => {
    for (const habit of ['trailing commas', 'extra keys'])
      expect(inHabit(habit, 'Just words.')).toBe('Just words.');
    expect(inHabit('as usual', answer)).toBe(answer);
  });
});
