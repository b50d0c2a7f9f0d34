import type { PromptBlock } from '../../../contracts/prompt-format.ts';
import { renderBlock } from '../../../contracts/prompt-format.ts';

/** Small prompts in the layout that the agent uses, so that a model is tested on what it will be asked. */

const requirement = block(
  'requirement',
  [
    'M1.1 Customers should be able to export invoices as PDF or CSV.',
    'M1.2 Exports can be sent by e-mail too.',
    'M1.3 Every export leaves an entry in the audit trail.',
  ].join('\n'),
  { id: 'M1' },
);

const rules = block(
  'rules',
  JSON.stringify({
    maxStoryPoints: 3,
    pointScale: [1, 2, 3, 5, 8],
    summaryMaxCharacters: 150,
    minCriteria: 2,
  }),
);
const language = block('language', 'en');

/** Criteria of the story that the split probe hands over. */
export const SPLIT_CRITERIA = 4;

const largeStory = {
  number: 1,
  summary: 'Export invoices as PDF or CSV, by e-mail too',
  issueType: 'Story',
  description:
    '**As a** customer **I want** to export my invoices **so that** my accountant can work with them.',
  acceptanceCriteria: [
    { number: 1, text: 'An invoice downloads as a PDF file.', source: 'M1.1' },
    { number: 2, text: 'A list of invoices downloads as a CSV file.', source: 'M1.1' },
    { number: 3, text: 'An export arrives by e-mail at the address of the account.', source: 'M1.2' },
    { number: 4, text: 'Every export leaves an entry in the audit trail.', source: 'M1.3' },
  ],
  stlcNotes: 'System test for each way of export.',
  storyPoints: 8,
  labels: ['export'],
};

export function clarifyProbe(): string {
  return prompt(language, rules, requirement);
}

export function draftProbe(format: string): string {
  return prompt(language, block('format', format), rules, requirement);
}

export function splitProbe(format: string): string {
  return prompt(
    language,
    block('format', format),
    rules,
    block('drafts', JSON.stringify([largeStory])),
    block('target', '[1]'),
  );
}

function prompt(...blocks: PromptBlock[]): string {
  return blocks.map(renderBlock).join('\n\n');
}

function block(name: string, text: string, attributes: Record<string, string> = {}): PromptBlock {
  return { name, attributes, text };
}
