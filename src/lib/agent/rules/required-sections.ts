import type { RuleSettings } from '../../contracts/config/config-file.ts';
import type { StoryContent } from '../../contracts/story.ts';
import type { Rule } from './rule.ts';

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

/** The sections that the team asks for are there and not empty. */
export const requiredSections: Rule = {
  id: 'required_sections',
  name: 'Required sections',
  check({ content, settings }) {
    const required = settings.requiredSections.map((section) => sections[section]);
    const missing = required.filter(({ filled }) => !filled(content));
    const mark = `sections ${required.length - missing.length} of ${required.length}`;
    const [first] = missing;
    if (!first) return { outcome: 'ok', mark };
    const names = missing.map(({ name }) => name).join(' and ');
    return {
      outcome: 'violation',
      mark,
      field: first.field,
      message: `${names} missing. Write what belongs there.`,
      mend: 'model',
    };
  },
};
