import type { z } from 'zod';
import type { RuleSettings } from '../../contracts/config/config-file.ts';
import type { StoryContent } from '../../contracts/story.ts';

/** What a rule looks at. */
export interface RuleSubject {
  content: StoryContent;
  settings: RuleSettings;
  /** The one project that the conversation writes for; null where it is not known. */
  projectKey: string | null;
  /** The named sections of the conversation's template; empty where its format has none. */
  sections: readonly string[];
  /** It carries a part of a bigger story's criteria. */
  isChild: boolean;
}

export type Finding =
  | { outcome: 'ok'; mark: string }
  | {
      outcome: 'advice' | 'violation';
      mark: string;
      field: string;
      /** What is wrong and how to mend it. */
      message: string;
      /** Who mends it: the model when asked again, the split, or the person. */
      mend: 'model' | 'split' | 'person';
    };

/** One rule, in a file of its own, registered in `index.ts`. */
export interface Rule {
  id: string;
  /** For people. */
  name: string;
  /** What can be set of it: the rules page draws its fields from this. Absent: nothing. */
  settings?: z.ZodObject;
  check(subject: RuleSubject): Finding;
}
