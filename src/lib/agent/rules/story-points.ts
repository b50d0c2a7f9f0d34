import { storyPointsSettings } from '../../contracts/rule-settings.ts';
import type { Rule } from './rule.ts';

/** Points stand on the scale and do not exceed the maximum; a bigger story is split. */
export const storyPoints: Rule = {
  id: 'story_points',
  name: 'Story points',
  settings: storyPointsSettings,
  check({ content: { storyPoints: points }, settings: { maxStoryPoints, pointScale } }) {
    const field = 'storyPoints';
    if (points === null) {
      const message = `The story is not estimated. Give it one of ${allowed(pointScale, maxStoryPoints)} points.`;
      return { outcome: 'advice', mark: 'points open', field, message, mend: 'person' };
    }
    const mark = `points ${points} of ${maxStoryPoints}`;
    if (points > maxStoryPoints) {
      const message = `${points} points are more than the ${maxStoryPoints} that a story may have. Split it, or leave something out.`;
      return { outcome: 'violation', mark, field, message, mend: 'split' };
    }
    if (!pointScale.includes(points)) {
      const message = `${points} is not on the scale. Use one of ${allowed(pointScale, maxStoryPoints)}.`;
      return { outcome: 'violation', mark, field, message, mend: 'model' };
    }
    return { outcome: 'ok', mark };
  },
};

function allowed(scale: number[], max: number): string {
  return scale.filter((points) => points <= max).join(', ');
}
