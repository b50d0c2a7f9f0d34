import { describe, expect, it } from 'vitest';
import { problemSchema } from '../contracts/problem.ts';
import { toldProblem } from './told-problem.ts';

const full = {
  code: 'jira_down',
  message: 'Jira does not answer.',
  hint: 'Try again in a moment.',
  fields: { url: 'Nobody answers there.' },
  requestId: 'r-1',
  retryable: true,
};

describe('a problem that the server told', () => {
  it('is read as its schema reads it', () => {
    for (const told of [full, { code: 'plain', message: 'So it is.' }])
      expect(toldProblem(told)).toEqual(problemSchema.parse(told));
  });

  it('is none where something else answered', () => {
    const others = [
      null,
      undefined,
      'Bad gateway',
      [],
      {},
      { ...full, code: 'Bad Gateway' },
      { ...full, message: '' },
    ];
    for (const told of others) {
      expect(problemSchema.safeParse(told).success).toBe(false);
      expect(toldProblem(told)).toBeNull();
    }
  });
});
