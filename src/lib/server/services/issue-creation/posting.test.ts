import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { StoryContent } from '../../../contracts/story.ts';
import type { CreateScreen } from '../../adapters/jira/create-screen.ts';
import { argumentsOf, hashArguments, writePosting, type PostingInput } from './posting.ts';

const marker = 'blg-01J00000000000000000000000';

const fullScreen: CreateScreen = {
  issueTypeId: '10001',
  hasLabels: true,
  hasDescription: true,
  storyPointsField: 'customfield_10106',
  epicLinkField: 'customfield_10102',
  epicNameField: null,
  required: [],
};
const bareScreen: CreateScreen = {
  ...fullScreen,
  hasLabels: false,
  storyPointsField: null,
  epicLinkField: null,
  required: [
    {
      fieldId: 'customfield_10201',
      name: 'Risk class',
      required: true,
      hasDefaultValue: false,
      schema: { type: 'option' },
      allowedValues: [{ id: '1', value: 'Low' }],
    } as CreateScreen['required'][number],
  ],
};

function story(change: Partial<StoryContent> = {}): StoryContent {
  return {
    schemaVersion: 1,
    issueType: 'story',
    epicKey: 'DEMO-1',
    summary: 'Export an invoice',
    format: 'classic',
    description: 'As a customer I want a PDF.',
    acceptanceCriteria: [{ id: 'c1', text: 'A PDF is offered.', source: { kind: 'assumption', quote: '' } }],
    stlcNotes: 'Compare both.',
    storyPoints: 3,
    labels: ['export'],
    ...change,
  };
}

function posting(change: Partial<PostingInput> = {}) {
  return writePosting({
    content: story(),
    projectKey: 'DEMO',
    issueTypes: [{ id: '10001', name: 'Story' }],
    screen: fullScreen,
    extraFields: {},
    rememberedFields: {},
    markerLabel: marker,
    toTrackerText: (markdown) => markdown,
    ...change,
  });
}

describe('what will be posted', () => {
  test('fills what the create screen has, and carries the marker as a label', () => {
    expect(posting()).toMatchObject({
      issueType: 'Story',
      labels: ['export', marker],
      storyPoints: 3,
      epicKey: 'DEMO-1',
      extraFields: { customfield_10106: 3, customfield_10102: 'DEMO-1' },
      notes: [],
      missingFields: [],
    });
    expect(posting().description).toContain('A PDF is offered. *(assumption)*');
  });

  test('leaves out what the screen lacks, says so, and carries the marker in the last line', () => {
    const { labels, storyPoints, epicKey, extraFields, description, notes, missingFields } = posting({
      screen: bareScreen,
      projectKey: 'OPS',
    });
    expect({ labels, storyPoints, epicKey, extraFields }).toEqual({
      labels: [],
      storyPoints: null,
      epicKey: null,
      extraFields: {},
    });
    expect(description.split('\n').at(-1)).toBe(marker);
    expect(notes).toHaveLength(3);
    expect(missingFields).toEqual([
      {
        fieldId: 'customfield_10201',
        name: 'Risk class',
        kind: 'select',
        options: [{ id: '1', label: 'Low' }],
      },
    ]);
  });

  test('asks no more for what the person gave', () => {
    const filled = posting({ screen: bareScreen, extraFields: { customfield_10201: { id: '1' } } });
    expect(filled.missingFields).toEqual([]);
    expect(filled.extraFields).toEqual({ customfield_10201: { id: '1' } });
  });

  test('sends no description where the screen has none', () => {
    const { description, notes } = posting({ screen: { ...fullScreen, hasDescription: false } });
    expect(description).toBe('');
    expect(notes).toHaveLength(1);
  });

  test('asks for an issue type that the project has', () => {
    const unknown = posting({ content: story({ issueType: 'Saga' }), screen: null });
    expect(unknown.missingFields).toMatchObject([{ fieldId: 'issuetype', options: [{ id: '10001' }] }]);
    const chosen = posting({
      content: story({ issueType: 'Saga' }),
      extraFields: { issuetype: { id: '10001' } },
    });
    expect(chosen).toMatchObject({ issueType: 'Story', missingFields: [] });
    expect(chosen.extraFields).not.toHaveProperty('issuetype');
  });

  test('keeps the summary to one line that Jira takes, and no half of a character', () => {
    expect(posting({ content: story({ summary: ' two\n lines ' }) }).summary).toBe('two lines');
    const { summary } = posting({ content: story({ summary: `${'x'.repeat(254)}🚀` }) });
    expect(summary).toBe('x'.repeat(254));
  });
});

describe('the hash', () => {
  test('covers the very arguments of the call, in whatever order their keys stand', () => {
    const shown = posting();
    expect(hashArguments(argumentsOf(shown))).toBe(shown.hash);
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.string()), (fields) => {
        const turned = Object.fromEntries(Object.entries(fields).reverse());
        const args = argumentsOf(shown);
        expect(hashArguments({ ...args, fields })).toBe(hashArguments({ ...args, fields: turned }));
      }),
    );
  });

  test.each(['summary', 'description', 'issueType', 'projectKey'] as const)('changes with the %s', (key) => {
    const args = argumentsOf(posting());
    expect(hashArguments({ ...args, [key]: 'another' })).not.toBe(hashArguments(args));
  });

  test('changes with the marker, so that each version is approved by itself', () => {
    expect(posting({ markerLabel: `${marker}x` }).hash).not.toBe(posting().hash);
  });
});

describe('A required field that was filled before', () => {
  const low = { customfield_10201: { id: '1' } };

  test('is filled as last time, shown, said and bound by the hash', () => {
    const filled = posting({ screen: bareScreen, rememberedFields: low });
    expect(filled).toMatchObject({
      missingFields: [],
      rememberedFields: [{ fieldId: 'customfield_10201', name: 'Risk class', kind: 'select' }],
      extraFields: low,
    });
    expect(filled.notes).toContain('Risk class is filled as last time.');
    expect(filled.hash).toBe(hashArguments(argumentsOf(filled)));
    expect(filled.hash).not.toBe(posting({ screen: bareScreen }).hash);
  });

  test.each([
    ['the option is gone', { customfield_10201: { id: '9' } }],
    ['it became another kind of field', { customfield_10201: 'Low' }],
    ['several were chosen where one is taken', { customfield_10201: [{ id: '1' }] }],
    ['none was chosen', { customfield_10201: [] }],
  ])('is asked for again where %s', (_, rememberedFields) => {
    const asked = posting({ screen: bareScreen, rememberedFields });
    expect(asked.missingFields).toHaveLength(1);
    expect(asked).toMatchObject({ rememberedFields: [], extraFields: {} });
  });

  test('gives way to what the person chose for this story, and fills nothing that Jira does not require', () => {
    const chosen = { customfield_10201: { id: '2' } };
    expect(posting({ screen: bareScreen, rememberedFields: low, extraFields: chosen })).toMatchObject({
      extraFields: chosen,
      rememberedFields: [],
    });
    expect(posting({ rememberedFields: low }).extraFields).not.toHaveProperty('customfield_10201');
  });
});

test('Story points that Jira requires are asked for only where the story has none', () => {
  const points = {
    fieldId: 'customfield_10106',
    name: 'Story Points',
    required: true,
    hasDefaultValue: false,
    schema: { type: 'number' },
  } as CreateScreen['required'][number];
  const screen = { ...fullScreen, required: [points] };
  expect(posting({ screen }).missingFields).toEqual([]);
  const unsized = posting({ screen, content: story({ storyPoints: null }) });
  expect(unsized.missingFields).toMatchObject([{ fieldId: 'customfield_10106', kind: 'number' }]);
});
