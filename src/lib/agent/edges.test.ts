import { describe, expect, it } from 'vitest';
import * as edges from './edges.ts';
import { nextStep } from './nodes/validate.ts';

describe('edges', () => {
  it.each([
    ['message', 'understand'],
    ['answers', 'gather'],
    ['approval', 'create_issues'],
  ] as const)('a run that starts with %s begins at %s', (inputKind, next) => {
    expect(edges.afterStart({ inputKind })).toBe(next);
  });

  it.each([
    ['requirement', true, 'gather'],
    ['instruction', true, 'gather'],
    ['question', true, 'gather'],
    ['requirement', false, 'clarify'],
    ['instruction', false, 'refine'],
    ['question', false, 'converse'],
    ['approval', true, 'review'],
    ['approval', false, 'review'],
  ] as const)('an understood %s, something to gather: %s, leads to %s', (intent, gathers, next) => {
    expect(edges.afterUnderstand({ intent, clarified: false, gathers })).toBe(next);
  });

  it.each([
    ['requirement', false, 'clarify'],
    ['requirement', true, 'draft'],
    ['instruction', false, 'refine'],
    ['question', false, 'converse'],
  ] as const)('after reading, a %s (clarified: %s) leads to %s', (intent, clarified, next) => {
    expect(edges.afterGather({ intent, clarified })).toBe(next);
  });

  it('waits only where something was asked', () => {
    const question = { id: 'A1', question: 'Who?', why: '', suggestions: [] };
    expect(edges.afterClarify({ questions: [question] })).toBe('await_answers');
    expect(edges.afterClarify({ questions: [] })).toBe('draft');
  });

  it('checks what was written, and shows what is there when nothing was', () => {
    expect(edges.afterWriting({ stuck: false })).toBe('validate');
    expect(edges.afterWriting({ stuck: true })).toBe('review');
  });

  it('waits for a review only while there are stories to review', () => {
    expect(edges.afterReview({ reviewIds: ['d1'] })).toBe('await_review');
    expect(edges.afterReview({ reviewIds: [] })).toBe('end');
  });

  it.each([
    ['approval', 'create_issues'],
    ['message', 'understand'],
  ] as const)('a review that ends with %s leads to %s', (inputKind, next) => {
    expect(edges.afterAwaitReview({ inputKind })).toBe(next);
  });
});

describe('what the checks lead to', () => {
  it.each([
    { mendable: true, tooBig: false, repairRounds: 0, splitRounds: 0, next: 'repair' },
    { mendable: true, tooBig: true, repairRounds: 1, splitRounds: 0, next: 'repair' },
    { mendable: true, tooBig: true, repairRounds: 2, splitRounds: 0, next: 'split' },
    { mendable: false, tooBig: true, repairRounds: 0, splitRounds: 1, next: 'split' },
    { mendable: false, tooBig: true, repairRounds: 0, splitRounds: 2, next: 'review' },
    { mendable: true, tooBig: false, repairRounds: 2, splitRounds: 0, next: 'review' },
    { mendable: false, tooBig: false, repairRounds: 0, splitRounds: 0, next: 'review' },
  ])('$mendable/$tooBig after $repairRounds repairs and $splitRounds splits: $next', ({ next, ...found }) => {
    expect(nextStep(found, found, 2)).toBe(next);
  });
});
