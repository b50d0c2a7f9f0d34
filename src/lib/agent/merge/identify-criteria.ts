import type { Criterion } from '../../contracts/story.ts';

type Unnamed = Omit<Criterion, 'id'>;

/**
 * Gives the model's criteria the ids of the criteria that they continue: the same text first, then the most similar
 * one left, else a new id. An unchanged text also keeps its source: its proof does not depend on the model's memory.
 */
export function identifyCriteria(criteria: Unnamed[], known: Criterion[], newId: () => string): Criterion[] {
  const free = new Set(known);
  const same = criteria.map(({ text }) => take(free, (candidate) => normal(candidate.text) === normal(text)));
  return criteria.map((criterion, index) => {
    const unchanged = same[index];
    if (unchanged) return { ...criterion, id: unchanged.id, source: unchanged.source };
    const similar = mostSimilar(criterion.text, free);
    if (!similar) return { ...criterion, id: newId() };
    free.delete(similar);
    return { ...criterion, id: similar.id };
  });
}

/** Below it two criteria only share common words. */
const SIMILAR_ENOUGH = 0.5;

function mostSimilar(text: string, candidates: Iterable<Criterion>): Criterion | undefined {
  let best: Criterion | undefined;
  let bestScore = SIMILAR_ENOUGH;
  for (const candidate of candidates) {
    const score = similarity(text, candidate.text);
    if (score < bestScore) continue;
    best = candidate;
    bestScore = score;
  }
  return best;
}

/** Shared words by all words, 0 to 1. */
function similarity(a: string, b: string): number {
  const [left, right] = [wordsOf(a), wordsOf(b)];
  const shared = [...left].filter((word) => right.has(word)).length;
  return shared / Math.max(1, left.size + right.size - shared);
}

function wordsOf(text: string): Set<string> {
  return new Set(normal(text).match(/[\p{L}\p{N}]+/gu) ?? []);
}

function normal(text: string): string {
  return text.toLowerCase().replace(/\s+/g, ' ').trim();
}

function take(from: Set<Criterion>, fits: (criterion: Criterion) => boolean): Criterion | undefined {
  for (const criterion of from) {
    if (!fits(criterion)) continue;
    from.delete(criterion);
    return criterion;
  }
  return undefined;
}
