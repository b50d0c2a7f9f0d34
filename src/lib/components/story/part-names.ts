import type { PartChange } from '$lib/contracts/draft-version';

/** The parts of a story, as people call them. */
export const partNames: Record<PartChange['part'], string> = {
  summary: 'Summary',
  format: 'Format',
  description: 'Description',
  acceptanceCriteria: 'Acceptance criteria',
  stlcNotes: 'How it is tested',
  issueType: 'Issue type',
  epicKey: 'Epic',
  storyPoints: 'Story points',
  labels: 'Labels',
};
