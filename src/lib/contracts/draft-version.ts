import type { StoryContent, StoryEdit } from './story.ts';

/** A piece of a story's part, against the version before. */
export interface TextPiece {
  kind: 'same' | 'added' | 'removed';
  text: string;
}

export interface PartChange {
  part: Exclude<keyof StoryContent, 'schemaVersion'>;
  pieces: TextPiece[];
}

/** One version of a draft, with what it changed. */
export interface DraftVersionView {
  version: number;
  author: 'agent' | 'person';
  /** Milliseconds since 1970, UTC. */
  createdAt: number;
  /** Empty for the first version, and where one came without any change of words. */
  changes: PartChange[];
  /** What `draft:edit` takes to bring this version back as a new one. */
  edit: StoryEdit;
}

export interface DraftVersionPage {
  /** Newest first. */
  versions: DraftVersionView[];
  /** Ask for those before this version next; null where there are none. */
  next: number | null;
}
