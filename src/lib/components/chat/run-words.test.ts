import { describe, expect, it } from 'vitest';
import { stateOf } from '../conversation-state.ts';
import { announcement } from './run-words.ts';

const idle = stateOf({ id: 'c', title: 'Export', status: 'empty', projectKey: 'DEMO' });
const question = { id: 'A1', question: 'Who?', why: '', suggestions: [] };

describe('what a screen reader is told', () => {
  it('is silent before anything happened', () => {
    expect(announcement(idle)).toBe('');
  });

  it('is the newest step, and does not change with the tokens', () => {
    const working = {
      ...idle,
      running: { runId: 'r', startedAt: 0 },
      timeline: [
        {
          kind: 'work' as const,
          id: 'r',
          runId: 'r',
          steps: [
            {
              stepId: 's',
              step: 'draft' as const,
              label: 'Drafting stories',
              state: 'started' as const,
              startedAt: 0,
              endedAt: null,
            },
          ],
          startedAt: 0,
          endedAt: null,
          end: null,
          problem: null,
        },
      ],
    };
    const stream = {
      streamId: 't',
      channel: 'message' as const,
      text: 'Some words',
      state: 'streaming' as const,
    };
    expect(announcement(working)).toBe('Drafting stories.');
    expect(announcement({ ...working, streams: [stream] })).toBe('Drafting stories.');
  });

  it('calls for an answer and for a review', () => {
    expect(
      announcement({ ...idle, openClarification: { interruptId: 'i', questions: [question, question] } }),
    ).toBe('Two questions for you.');
    expect(announcement({ ...idle, openReview: { interruptId: 'i', draftIds: ['a'] } })).toBe(
      '1 story is ready for your review.',
    );
  });

  it('says how the work ended', () => {
    const problem = { code: 'llm_down', message: 'The model does not answer.', retryable: true };
    expect(announcement({ ...idle, lastEnd: { end: 'failed', problem } })).toContain(
      'The model does not answer.',
    );
    expect(announcement({ ...idle, lastEnd: { end: 'interrupted', problem: null } })).toContain(
      'can be continued',
    );
  });
});
