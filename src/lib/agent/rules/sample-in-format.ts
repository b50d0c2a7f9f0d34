import type { StoryFormatKind } from '../../contracts/story.ts';
import { sampleStory } from './sample-story.ts';

/**
 * The sample story's description as a format has it written: its sentence, its steps, or its sections in their order.
 * What a model makes of the format's instructions cannot be known here; a section that nothing is known of says so.
 */
export function sampleInFormat({ kind, sections }: { kind: StoryFormatKind; sections: string[] }): string {
  if (kind === 'bdd') return steps;
  if (kind === 'classic' || sections.length === 0) return sampleStory.description;
  return sections.map((section) => `### ${section}\n\n${textFor(section)}`).join('\n\n');
}

const steps = [
  '**Given** an accountant who may see all invoices',
  '**When** they download the invoices of a year',
  '**Then** they get one archive that they can hand to the auditor.',
].join('\n\n');

const knownSections: readonly [RegExp, string][] = [
  [
    /why|context|background|problem|goal|motivation|value/i,
    'Auditors ask for a whole year; opening each invoice takes a day.',
  ],
  [/what|need|story|descri|solution/i, sampleStory.description],
  [/scope/i, 'In scope: invoices of one year as PDF. Not in scope: credit notes.'],
  [/risk/i, 'More than 5,000 invoices take longer than a page can wait.'],
  [/depend/i, 'The archive service of the platform team.'],
  [/who|user|actor|role|stakeholder/i, 'Accountants and auditors.'],
];

function textFor(section: string): string {
  return (
    knownSections.find(([words]) => words.test(section))?.[1] ??
    'The model writes here what your requirement says of it.'
  );
}
