import type { StoryContent } from '../../contracts/story.ts';

const nobodySaid = { kind: 'assumption', quote: 'Part of the sample.' } as const;

/** A story to try rules on: right by the shipped defaults but for its size and one habit of speech. */
export const sampleStory: StoryContent = {
  schemaVersion: 1,
  issueType: 'Story',
  epicKey: null,
  summary: 'Download invoices of a year as one archive',
  format: 'classic',
  description:
    '**As an** accountant **I want** to simply download all invoices of a year at once **so that** I can hand them to the auditor without opening each.',
  acceptanceCriteria: [
    { id: 'C1', text: 'The archive holds every invoice of the chosen year as PDF.', source: nobodySaid },
    { id: 'C2', text: 'A year without invoices offers no download and says why.', source: nobodySaid },
    { id: 'C3', text: 'More than 5,000 invoices are prepared in the background.', source: nobodySaid },
  ],
  stlcNotes: '- Download a year with 3 and one with 5,001 invoices.\n- Try a year without any.',
  storyPoints: 5,
  labels: ['invoices'],
};
