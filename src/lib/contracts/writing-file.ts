import { z } from 'zod';
import type { RuleSettings } from './config/config-file.ts';
import type { OwnFormat, OwnPrompt } from './own-texts.ts';

/** Largest file that is taken, in bytes: more than every rule, format and prompt at full length. */
export const writingFileMaxBytes = 524_288;

/** How a person has stories written, to take along: to another person, team or installation. */
export interface WritingFile {
  /** The version of this form. */
  backlogueWriting: 1;
  /** The settings that held for whoever exported them, shared ones too. */
  rules: RuleSettings;
  /** Their own ones; the shared ones come with the installation. */
  formats: OwnFormat[];
  prompts: OwnPrompt[];
}

const entries = z.array(z.unknown()).max(100).default([]);

/** The frame of such a file; each entry is parsed alone, so that each refused one has a sentence of its own. */
export const writingFrameSchema = z.strictObject({
  backlogueWriting: z.literal(1),
  rules: z.record(z.string(), z.unknown()).default({}),
  formats: entries,
  prompts: entries,
});

/** One entry of a file, and what importing it does. */
export interface WritingChange {
  part: 'rule' | 'pattern' | 'format' | 'prompt';
  name: string;
  effect: 'added' | 'replaced';
  /** A rule's value before and after, in words. */
  before?: string;
  after?: string;
}

/** One entry that cannot be taken, and why. */
export interface WritingRefusal {
  /** Where it stands in the file, as one reads it: `The second format, “Wards”`. */
  where: string;
  sentence: string;
}

/** What importing a file would do. It is imported whole, or, where anything is refused, not at all. */
export interface ImportPlan {
  changes: WritingChange[];
  refusals: WritingRefusal[];
  /** Entries that are the same here already. */
  unchanged: number;
  /** Stands for the changes: who agrees to them names it, so that nothing else is done meanwhile. */
  fingerprint: string;
}
