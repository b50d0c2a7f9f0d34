import type { RuleSettings } from '../../contracts/config/config-file.ts';
import { requiredSectionsSettings } from '../../contracts/rule-settings.ts';
import type { StoryContent } from '../../contracts/story.ts';
import type { Rule } from './rule.ts';
import { missingSections } from './template-sections.ts';

type Section = RuleSettings['requiredSections'][number];

const sections: Record<Section, { name: string; field: string; filled: (content: StoryContent) => boolean }> =
  {
    acceptance_criteria: {
      name: 'Acceptance Criteria',
      field: 'acceptanceCriteria',
      filled: ({ acceptanceCriteria }) => acceptanceCriteria.length > 0,
    },
    stlc_notes: {
      name: 'STLC notes',
      field: 'stlcNotes',
      filled: ({ stlcNotes }) => stlcNotes.trim() !== '',
    },
    description: {
      name: 'Description',
      field: 'description',
      filled: ({ description }) => description.trim() !== '',
    },
  };

/** The sections that the team and the chosen template ask for are there and not empty. */
export const requiredSections: Rule = {
  id: 'required_sections',
  name: 'Required sections',
  settings: requiredSectionsSettings,
  check({ content, settings, sections: named }) {
    const required = settings.requiredSections.map((section) => sections[section]);
    const missing = required.filter(({ filled }) => !filled(content));
    const template = content.format === 'custom' ? named : [];
    const lacking = missingSections(content.description, template);
    const asked = required.length + template.length;
    const mark = `sections ${asked - missing.length - lacking.length} of ${asked}`;
    const field = missing[0]?.field ?? (lacking.length > 0 ? 'description' : null);
    if (field === null) return { outcome: 'ok', mark };
    const parts = missing.map(({ name }) => name);
    const headings = lacking.map((name) => `“${name}” (a ### heading of the template)`);
    return {
      outcome: 'violation',
      mark,
      field,
      message: `${[...parts, ...headings].join(' and ')} missing. Write what belongs there.`,
      mend: 'model',
    };
  },
};
