import { describe, expect, it } from 'vitest';
import type { ConversationSummary } from '../../contracts/socket-events.ts';
import { attentionItems } from './attention.ts';

const nothing = {
  features: [],
  views: [],
  conversations: [],
  unknownOutcomes: 0,
  unknownIn: null,
  failedJobs: 0,
  changedTools: [],
  staleTools: [],
  configProblems: [],
  now: Date.parse('2026-11-25T12:00:00Z'),
};

const passed = {
  kind: 'jira' as const,
  ok: true,
  testedAt: 1,
  steps: [],
  identity: 'ada',
  identityVerified: true,
  tokenExpiresAt: null,
  problem: null,
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

  it('names a broken configuration file once, however much is wrong with it', () => {
    const configProblems = [
      {
        file: 'config.json',
        messages: ['config.json:1:1 expected one thing', 'config.json:2:1 another', 'a third'],
      },
      { file: 'header.json', messages: ['header.json:1:1 expected one thing'] },
    ];
    const items = attentionItems({ ...nothing, configProblems });
    expect(items.map(({ text }) => text)).toEqual([
      'config.json was not taken over: config.json:1:1 expected one thing And 2 more.',
      'header.json was not taken over: header.json:1:1 expected one thing',
    ]);
    expect(new Set(items.map(({ id }) => id)).size).toBe(2);
  });

  it('says why the last test of a connection failed, and does not ask for that test beside it', () => {
    const problem = {
      code: 'jira_token_refused',
      message: 'Jira did not accept the token.',
      retryable: false,
    };
    const test = { ...passed, identity: null, identityVerified: false };
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

  it('says once for each product that tools changed and want a test', () => {
    const items = attentionItems({ ...nothing, changedTools: ['jira', 'confluence', 'jira'] });
    expect(items.map(({ text, href }) => [text, href])).toEqual([
      ['2 tools for Jira changed and are off until you test Jira again.', '/configurations#jira'],
      [
        'A tool for Confluence changed and is off until you test Confluence again.',
        '/configurations#confluence',
      ],
    ]);
  });

  it.each([
    [
      'a week before',
      '2026-12-02T12:00:00Z',
      'Your token for Jira runs out on December 2, 2026. Make a new one there and save it here before.',
    ],
    ['afterwards', '2026-11-25T11:00:00Z', 'Your token for Jira has run out. What you wrote is kept.'],
    ['not much earlier', '2026-12-02T12:00:01Z', undefined],
  ])('says that a token runs out: %s', (_when, at, text) => {
    const lastTest = { ...passed, tokenExpiresAt: Date.parse(at) };
    const items = attentionItems({ ...nothing, views: [{ kind: 'jira', testIsCurrent: true, lastTest }] });
    expect(items[0]?.text).toBe(text);
    const replaced = [{ kind: 'jira' as const, testIsCurrent: false, lastTest }];
    expect(attentionItems({ ...nothing, views: replaced })).toEqual([]);
  });

  it('puts stories whose creation is unknown before everything else', () => {
    const items = attentionItems({
      ...nothing,
      conversations: [conversation('a', 'needs_answer'), conversation('b', 'working')],
      unknownOutcomes: 2,
      unknownIn: 'c',
      failedJobs: 1,
    });
    expect(items.map(({ id }) => id)).toEqual(['unknown', 'a', 'jobs']);
    expect(items[0]?.href).toBe('/creator/c');
    expect(items[1]?.href).toBe('/creator/a');
  });
});
