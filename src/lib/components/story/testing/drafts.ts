import type { Criterion, Posting, StoryContent, StoryDraft } from '$lib/contracts/story';

let made = 0;

/** A proposed draft that could be posted; name what the test is about. */
export function draft(content: Partial<StoryContent> = {}, rest: Partial<StoryDraft> = {}): StoryDraft {
  const id = `draft-${++made}`;
  const full: StoryContent = {
    schemaVersion: 1,
    issueType: 'Story',
    epicKey: null,
    summary: 'Export invoices',
    format: 'classic',
    description: 'As an owner, I want to export invoices.',
    acceptanceCriteria: [criterion('a')],
    stlcNotes: 'Try it.',
    storyPoints: 2,
    labels: [],
    ...content,
  };
  return {
    id,
    conversationId: 'conversation',
    version: 1,
    status: 'proposed',
    parentId: null,
    position: made,
    author: 'agent',
    content: full,
    rules: [],
    posting: posting({ issueType: full.issueType }),
    similar: [],
    conflicts: [],
    issue: null,
    intentId: null,
    problem: null,
    ...rest,
  };
}

export function posting(rest: Partial<Posting> = {}): Posting {
  return {
    projectKey: 'DEMO',
    issueType: 'Story',
    summary: 'Export invoices',
    description: 'As an owner',
    labels: [],
    storyPoints: 2,
    epicKey: null,
    extraFields: {},
    markerLabel: 'blg-1',
    hash: 'a'.repeat(64),
    notes: [],
    missingFields: [],
    rememberedFields: [],
    ...rest,
  };
}

export function criterion(id: string): Criterion {
  return { id, text: `Criterion ${id}`, source: { kind: 'message', ref: 'M1.1', quote: 'They export.' } };
}
