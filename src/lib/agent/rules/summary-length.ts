import { summaryLengthSettings } from '../../contracts/rule-settings.ts';
import type { Rule } from './rule.ts';

/** A summary is one line that fits a board's card. */
export const summaryLength: Rule = {
  id: 'summary_length',
  name: 'Summary length',
  settings: summaryLengthSettings,
  check({ content: { summary }, settings: { summaryMaxCharacters: max } }) {
    const length = [...summary.trim()].length;
    const mark = `summary ${length}/${max}`;
    const field = 'summary';
    if (length === 0)
      return {
        outcome: 'violation',
        mark,
        field,
        message: 'The summary is empty. Say in one line what changes for whom.',
        mend: 'model',
      };
    if (length <= max) return { outcome: 'ok', mark };
    const message = `The summary is ${length - max} characters too long (at most ${max}). Move details into the description.`;
    return { outcome: 'violation', mark, field, message, mend: 'model' };
  },
};
