import type { Criterion, StoryDraft } from '$lib/contracts/story';

export interface PlacedCriterion {
  criterion: Criterion;
  /** The part that took it over, counted from 1; null when a later change dropped it. */
  part: number | null;
}

/** Where each criterion of a split story went. Criteria keep their ids through a split. */
export function splitMapping(parent: StoryDraft, children: readonly StoryDraft[]): PlacedCriterion[] {
  return parent.content.acceptanceCriteria.map((criterion) => {
    const index = children.findIndex(({ content }) =>
      content.acceptanceCriteria.some(({ id }) => id === criterion.id),
    );
    return { criterion, part: index === -1 ? null : index + 1 };
  });
}

/** "Split into 3 stories; all 9 criteria are placed, each once." */
export function splitSentence(mapping: readonly PlacedCriterion[], parts: number): string {
  const placed = mapping.filter(({ part }) => part !== null).length;
  const stories = parts === 1 ? '1 story' : `${parts} stories`;
  if (placed === mapping.length)
    return `Split into ${stories}; all ${placed} criteria are placed, each once.`;
  const lost = mapping.length - placed;
  return `Split into ${stories}; ${placed} of ${mapping.length} criteria are placed, ${lost} ${lost === 1 ? 'was' : 'were'} dropped since.`;
}
