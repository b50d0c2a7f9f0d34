import { describe, expect, it } from 'vitest';
import { draft, posting } from './testing/drafts.ts';
import { brokenRules, isChoosable, readinessOf, readyDrafts } from './draft-readiness.ts';

const reviewOf = (...draftIds: string[]) => ({ interruptId: 'review', draftIds });

describe('whether a story can be approved', () => {
  it('can, once it is under review and what will be posted is known', () => {
    const story = draft();
    expect(readinessOf(story, reviewOf(story.id))).toEqual({ state: 'ready' });
  });

  it('cannot while the agent works on it', () => {
    expect(readinessOf(draft(), null)).toMatchObject({ state: 'blocked' });
  });

  it('cannot until its posting is prepared again after an edit', () => {
    const story = draft({}, { posting: null });
    expect(readinessOf(story, reviewOf(story.id))).toMatchObject({
      reason: 'What will be posted is being prepared.',
    });
  });

  it('cannot when it could not be prepared, and says why', () => {
    const problem = { code: 'jira_unavailable', message: 'Jira is down.', retryable: true };
    const story = draft({}, { posting: null, problem });
    expect(readinessOf(story, reviewOf(story.id))).toEqual({ state: 'blocked', reason: 'Jira is down.' });
  });

  it('names the field that Jira requires', () => {
    const missingFields = [{ fieldId: 'customfield_1', name: 'Team', kind: 'text' as const, options: [] }];
    const story = draft({}, { posting: posting({ missingFields }) });
    expect(readinessOf(story, reviewOf(story.id))).toMatchObject({
      reason: 'Jira requires Team. Fill it in on the card.',
    });
  });

  it('is past it when it was split, is on its way or exists', () => {
    for (const status of ['split', 'approved', 'sending', 'created', 'unknown'] as const)
      expect(readinessOf(draft({}, { status }), reviewOf()).state).toBe('settled');
  });

  it('lists the ready ones in the order of the screen', () => {
    const [first, second, third] = [draft(), draft(), draft()];
    const drafts = { [third.id]: third, [first.id]: first, [second.id]: second };
    const ready = readyDrafts({ drafts, openReview: reviewOf(first.id, third.id) });
    expect(ready.map(({ id }) => id)).toEqual([first.id, third.id]);
  });
});

describe('whether a story can be chosen', () => {
  const running = { runId: 'run', startedAt: 0 };

  it('can while a change to it is prepared, and while the agent works', () => {
    const prepared = draft({}, { posting: null });
    expect(isChoosable(prepared, { openReview: reviewOf(prepared.id), running: null })).toBe(true);
    expect(isChoosable(draft(), { openReview: null, running })).toBe(true);
  });

  it('cannot once it is past approval, nor where nothing will be approved', () => {
    const created = draft({}, { status: 'created' });
    expect(isChoosable(created, { openReview: reviewOf(created.id), running: null })).toBe(false);
    expect(isChoosable(draft(), { openReview: null, running: null })).toBe(false);
  });
});

it('a story tells which rules it breaks, not which it keeps', () => {
  const rules = [
    { ruleId: 'points', name: 'Story points', outcome: 'ok' as const, mark: 'points 2 of 3' },
    {
      ruleId: 'criteria',
      name: 'Criteria',
      outcome: 'violation' as const,
      mark: 'criteria 1',
      message: 'Add one.',
    },
    { ruleId: 'words', name: 'Words', outcome: 'advice' as const, mark: 'words', message: 'Perhaps.' },
  ];
  expect(brokenRules(draft({}, { rules }))).toEqual(['Add one.']);
});
