import type { PatternRule } from '../../contracts/pattern-rule.ts';
import type { StoryContent } from '../../contracts/story.ts';
import { boundedMatch } from './bounded-match.ts';
import type { Rule } from './rule.ts';

/** The rules that a team wrote as patterns. */
export function patternRules(patterns: readonly PatternRule[]): Rule[] {
  return patterns.map(patternRule);
}

function patternRule({ name, field, expect, pattern, message }: PatternRule): Rule {
  const { path, text } = parts[field];
  return {
    id: `pattern:${name.toLowerCase()}`,
    name,
    check({ content }) {
      const found = boundedMatch(pattern, text(content));
      if (found === null) {
        const slow = `The pattern of “${name}” takes too long on this text, so it was not checked. Write it more simply.`;
        return {
          outcome: 'advice',
          mark: `${name}: not checked`,
          field: path,
          message: slow,
          mend: 'person',
        };
      }
      if (found === (expect === 'match')) return { outcome: 'ok', mark: name };
      return { outcome: 'violation', mark: name, field: path, message, mend: 'model' };
    },
  };
}

const parts: Record<
  PatternRule['field'],
  { path: keyof StoryContent; text: (story: StoryContent) => string }
> = {
  summary: { path: 'summary', text: ({ summary }) => summary },
  description: { path: 'description', text: ({ description }) => description },
  acceptance_criteria: {
    path: 'acceptanceCriteria',
    text: ({ acceptanceCriteria }) => acceptanceCriteria.map(({ text }) => text).join('\n'),
  },
  stlc_notes: { path: 'stlcNotes', text: ({ stlcNotes }) => stlcNotes },
  labels: { path: 'labels', text: ({ labels }) => labels.join(' ') },
};
