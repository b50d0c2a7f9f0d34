import type { StoryAnswer } from '../../contracts/model-answer.ts';
import type { StoryContent } from '../../contracts/story.ts';

/** A story as a model answers it, right by every default rule. */
export function storyAnswer(differs: Partial<StoryAnswer> = {}): StoryAnswer {
  return {
    summary: 'Export invoices',
    issueType: 'Story',
    description: 'As a customer I want to export invoices so that I can file them.',
    acceptanceCriteria: [
      { text: 'Invoices export as PDF.', source: 'M1.1' },
      { text: 'Invoices export as CSV.', source: 'M1.1' },
    ],
    stlcNotes: '- Export one invoice in each format.',
    storyPoints: 3,
    labels: ['invoices'],
    ...differs,
  };
}

/** A saved story, right by every default rule. */
export function storyContent(differs: Partial<StoryContent> = {}): StoryContent {
  return {
    schemaVersion: 1,
    issueType: 'Story',
    epicKey: null,
    summary: 'Export invoices',
    format: 'classic',
    description: 'As a customer I want to export invoices so that I can file them.',
    acceptanceCriteria: [
      {
        id: 'C1',
        text: 'Invoices export as PDF.',
        source: { kind: 'message', ref: 'M1.1', quote: 'Export as PDF.' },
      },
      {
        id: 'C2',
        text: 'Invoices export as CSV.',
        source: { kind: 'assumption', quote: 'Nobody said this so far.' },
      },
    ],
    stlcNotes: '- Export one invoice in each format.',
    storyPoints: 3,
    labels: ['invoices'],
    ...differs,
  };
}
