import type { SplitAnswer } from '../../contracts/model-answer.ts';
import { criteriaWithin, estimatePoints } from './estimate.ts';
import type { Prompt, PromptStory } from './prompt-reader.ts';
import { testNotes } from './story-writer.ts';
import { capitalise, shorten, withoutFullStop } from './wording.ts';

/** Splits a story by what its criteria are about; every criterion goes into exactly one child, in order. */
export function splitStory(story: PromptStory, prompt: Prompt): SplitAnswer['children'] {
  const most = criteriaWithin(prompt.rules);
  return byTopic(story).flatMap(({ topic, criteria }) =>
    evenPieces(criteria, most).map((piece, part) => {
      const texts = piece.map((number) => story.acceptanceCriteria[number - 1]?.text ?? '');
      return {
        summary: shorten(childSummary(story, topic, part, texts), prompt.rules.summaryMaxCharacters),
        description: story.description,
        criteria: piece,
        stlcNotes: testNotes(texts),
        storyPoints: estimatePoints(piece.length, prompt.rules),
        labels: story.labels,
      };
    }),
  );
}

/** As few pieces as fit, of about the same size: 5 with at most 4 become 3 and 2, not 4 and 1. */
function evenPieces(numbers: number[], most: number): number[][] {
  const size = Math.ceil(numbers.length / Math.ceil(numbers.length / most));
  const pieces: number[][] = [];
  for (let start = 0; start < numbers.length; start += size) pieces.push(numbers.slice(start, start + size));
  return pieces;
}

const topics: readonly [name: string, pattern: RegExp][] = [
  ['the audit trail', /audit|trail/i],
  ['sending by e-mail', /e-?mail|deliver/i],
  [
    'permissions, limits and failures',
    /^only\b|nobody else|\bmay\b|permission|role|goes back|limit|assumed for now|cannot/i,
  ],
];

function byTopic(story: PromptStory): { topic: string | null; criteria: number[] }[] {
  const groups = new Map<string | null, number[]>([[null, []]]);
  story.acceptanceCriteria.forEach(({ text }, index) => {
    const topic = topics.find(([, pattern]) => pattern.test(text))?.[0] ?? null;
    groups.set(topic, [...(groups.get(topic) ?? []), index + 1]);
  });
  return [...groups]
    .filter(([, criteria]) => criteria.length > 0)
    .map(([topic, criteria]) => ({ topic, criteria }));
}

function childSummary(story: PromptStory, topic: string | null, part: number, criteria: string[]): string {
  const base = withoutFullStop(story.summary.split(',')[0] ?? story.summary);
  if (topic === null && part === 0) return base;
  if (topic !== null && part === 0) return `${base}: ${topic}`;
  const first = withoutFullStop(criteria[0] ?? '');
  return capitalise(`${base}: ${first.charAt(0).toLowerCase()}${first.slice(1)}`);
}
