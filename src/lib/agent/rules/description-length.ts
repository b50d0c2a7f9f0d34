import { descriptionLengthSettings } from '../../contracts/rule-settings.ts';
import type { Rule } from './rule.ts';

/** A description that is read to its end. */
export const descriptionLength: Rule = {
  id: 'description_length',
  name: 'Description length',
  settings: descriptionLengthSettings,
  check({ content: { description }, settings: { descriptionMaxCharacters: max } }) {
    const length = [...description].length;
    const mark = `description ${length}/${max}`;
    if (length <= max) return { outcome: 'ok', mark };
    const message = `The description is ${length - max} characters too long (at most ${max}). Shorten it, or split the story.`;
    return { outcome: 'violation', mark, field: 'description', message, mend: 'model' };
  },
};
