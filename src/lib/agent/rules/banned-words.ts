import { bannedWordsSettings } from '../../contracts/rule-settings.ts';
import type { StoryContent } from '../../contracts/story.ts';
import type { Rule } from './rule.ts';

/** No text of the story holds a banned word or phrase, as a whole word and in whatever case. */
export const bannedWords: Rule = {
  id: 'banned_words',
  name: 'Banned words',
  settings: bannedWordsSettings,
  check({ content, settings }) {
    for (const [field, text] of texts(content)) {
      const found = settings.bannedWords.filter((word) => holds(text, word));
      if (found.length === 0) continue;
      const message = `Holds ${found.map((word) => `“${word}”`).join(', ')}, which the team does not use. Say it in other words.`;
      return { outcome: 'violation', mark: `banned: ${found[0]}`, field, message, mend: 'model' };
    }
    return { outcome: 'ok', mark: 'no banned words' };
  },
};

function texts(content: StoryContent): [field: string, text: string][] {
  return [
    ['summary', content.summary],
    ['description', content.description],
    ['acceptanceCriteria', content.acceptanceCriteria.map(({ text }) => text).join('\n')],
    ['stlcNotes', content.stlcNotes],
    ['labels', content.labels.join(' ')],
  ];
}

function holds(text: string, word: string): boolean {
  const pattern = word
    .trim()
    .replace(/[.*+?^${}()|[\]\\]/g, '\\$&')
    .replace(/\s+/g, '\\s+');
  return new RegExp(`(?<![\\p{L}\\p{N}])${pattern}(?![\\p{L}\\p{N}])`, 'iu').test(text);
}
