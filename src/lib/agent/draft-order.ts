import type { StoryDraft } from '../contracts/story.ts';

/**
 * Positions leave room under each story for the stories that it may be split into, so that sorting by position
 * alone gives the tree in order: 99 children, each with 99 children of its own.
 */
const STEP_BY_DEPTH = [10_000, 100, 1] as const;

/** The position of the nth (from 1) new story after the existing ones. */
export function rootPosition(drafts: Pick<StoryDraft, 'position' | 'parentId'>[], nth: number): number {
  const [step] = STEP_BY_DEPTH;
  const last = Math.max(
    0,
    ...drafts.filter(({ parentId }) => parentId === null).map(({ position }) => position),
  );
  return (Math.floor(last / step) + nth) * step;
}

/** The position of the nth (from 1) child of a story. */
export function childPosition(parent: Pick<StoryDraft, 'position' | 'parentId'>, nth: number): number {
  const step = parent.parentId === null ? STEP_BY_DEPTH[1] : STEP_BY_DEPTH[2];
  return parent.position + Math.min(nth, 99) * step;
}
