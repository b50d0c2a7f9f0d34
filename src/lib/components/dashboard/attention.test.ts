import { describe, expect, it } from 'vitest';
import type { ConversationSummary } from '../../contracts/socket-events.ts';
import { attentionItems } from './attention.ts';

const nothing = {
  features: [],
  views: [],
  conversations: [],
  unknownOutcomes: 0,
  failedJobs: 0,
  staleTools: [],
  configProblems: [],
};

const conversation = (id: string, status: ConversationSummary['status']): ConversationSummary => ({
  id,
  title: `Title of ${id}`,
  status,
  projectKey: 'DEMO',
  createdCount: 0,
  archived: false,
  updatedAt: 0,
});

describe('what needs attention', () => {
  it('is nothing when nothing waits', () => {
    expect(attentionItems(nothing)).toEqual([]);
    expect(attentionItems({ ...nothing, conversations: [conversation('a', 'done')] })).toEqual([]);
  });

  it('names each connection once, however many features miss it, and leads to the first', () => {
    const items = attentionItems({
      ...nothing,
      features: [
        { feature: 'issueCreator', open: false, missing: ['jira', 'llm'] },
        { feature: 'pageSources', open: false, missing: ['jira'] },
      ],
    });
    expect(items).toHaveLength(1);
    expect(items[0]).toMatchObject({
      text: 'Jira and the language model have not been tested since the last change.',
      href: '/configurations#jira',
    });
  });

  it('says why the last test of a connection failed, and does not ask for that test beside it', () => {
    const problem = {
      code: 'jira_token_refused',
      message: 'Jira did not accept the token.',
      retryable: false,
    };
    const test = { kind: 'jira' as const, testedAt: 1, steps: [], identity: null, identityVerified: false };
    const items = attentionItems({
      ...nothing,
      features: [{ feature: 'issueCreator', open: false, missing: ['jira', 'llm'] }],
      views: [
        { kind: 'jira', testIsCurrent: true, lastTest: { ...test, ok: false, problem } },
        { kind: 'llm', testIsCurrent: false, lastTest: { ...test, kind: 'llm', ok: false, problem } },
      ],
    });
    expect(items.map(({ text }) => text)).toEqual([
      'The test of Jira failed. Jira did not accept the token.',
      'The language model has not been tested since the last change.',
    ]);
    expect(items[0]?.href).toBe('/configurations#jira');
  });

  it('puts stories whose creation is unknown before everything else', () => {
    const items = attentionItems({
      ...nothing,
      conversations: [conversation('a', 'needs_answer'), conversation('b', 'working')],
      unknownOutcomes: 2,
      failedJobs: 1,
    });
    expect(items.map(({ id }) => id)).toEqual(['unknown', 'a', 'jobs']);
    expect(items[1]?.href).toBe('/creator/a');
  });
});
