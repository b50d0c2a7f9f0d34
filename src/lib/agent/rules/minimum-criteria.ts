import { minimumCriteriaSettings } from '../../contracts/rule-settings.ts';
import type { Rule } from './rule.ts';

/** Enough acceptance criteria to tell when a story is done. */
export const minimumCriteria: Rule = {
  id: 'minimum_criteria',
  name: 'Acceptance criteria',
  settings: minimumCriteriaSettings,
  check({ content: { acceptanceCriteria }, settings: { minCriteria }, isChild }) {
    const count = acceptanceCriteria.length;
    const mark = `criteria ${count}`;
    if (count >= minCriteria) return { outcome: 'ok', mark };
    const message = `${count} of at least ${minCriteria} acceptance criteria. Add what else must hold for the story to be done.`;
    // A child carries exactly its part of the parent's criteria: inventing more would break that.
    const outcome = isChild && count > 0 ? 'advice' : 'violation';
    return { outcome, mark, field: 'acceptanceCriteria', message, mend: isChild ? 'person' : 'model' };
  },
};
