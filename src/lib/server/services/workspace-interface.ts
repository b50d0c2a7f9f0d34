import type { RuleSettings } from '../../contracts/config/config-file.ts';
import type { CustomPrompt, StoryFormat } from '../../contracts/config/template-files.ts';
import type { FoundSources } from '../../contracts/found-source.ts';
import type { OwnFormat, OwnPrompt } from '../../contracts/own-texts.ts';
import type { PatternRule } from '../../contracts/pattern-rule.ts';
import type { SettingGroup } from '../../contracts/settings-fields.ts';
import type { RuleResult, StoryContent } from '../../contracts/story.ts';
import type { ImportPlan, WritingFile } from '../../contracts/writing-file.ts';
import type { Actor } from './account-services.ts';

/** What the composer offers. */
export interface WorkspaceService {
  /** Projects that the person's token can see. */
  projects(actor: Actor): Promise<{ key: string; name: string }[]>;
  issueTypes(actor: Actor, projectKey: string): Promise<string[]>;
  epics(actor: Actor, projectKey: string): Promise<{ key: string; summary: string }[]>;
  /** Pages and issues with these words in their title, the last one perhaps half typed. */
  findSources(actor: Actor, words: string): Promise<FoundSources>;
  /** The shared ones, then the person's own, whose ids begin with `my-`. */
  formats(actor: Actor): Promise<StoryFormat[]>;
  prompts(actor: Actor): Promise<CustomPrompt[]>;
  /** A new one where `id` is null. Rejects with `own_text_missing` where it is gone, `too_many_own_texts` at the limit. */
  saveFormat(actor: Actor, format: OwnFormat, id: string | null): Promise<void>;
  savePrompt(actor: Actor, prompt: OwnPrompt, id: string | null): Promise<void>;
  /** Conversations that were written with it go on: with the first format, without a prompt. Safe to repeat. */
  removeFormat(actor: Actor, id: string): Promise<void>;
  removePrompt(actor: Actor, id: string): Promise<void>;
  rules(actor: Actor): Promise<{ shared: RuleSettings; own: Partial<RuleSettings>; effective: RuleSettings }>;
  saveRules(actor: Actor, own: Partial<RuleSettings>): Promise<void>;
  /** The person's rules, formats and prompts, to take along. */
  exportWriting(actor: Actor): Promise<WritingFile>;
  /** What importing this file would change; changes nothing. @throws InvalidError `writing_file_invalid`. */
  planImport(actor: Actor, text: string): Promise<ImportPlan>;
  /**
   * Imports all of the file or nothing, in one transaction. `fingerprint` is that of the plan that was agreed to.
   * @throws ConflictError `import_overtaken` where the plan would now be another; InvalidError `writing_file_invalid`.
   */
  importWriting(actor: Actor, text: string, fingerprint: string): Promise<ImportPlan>;
  /** What can be set of the rules, as the rules themselves describe it. */
  ruleSettingGroups(): SettingGroup[];
  /** What rules with these settings say of a sample story. */
  previewRules(settings: RuleSettings): RuleResult[];
  /** The story that a preview is of. */
  sampleStory(): StoryContent;
  /** The sample story's description in a format. */
  sampleInFormat(format: OwnFormat): string;
  /** What a pattern rule says to a text, in a sentence. */
  tryPattern(rule: PatternRule, sample: string): string;
  figures(actor: Actor): Promise<{
    storiesCreated: number;
    /** Of them, those that were approved as they were first drafted. */
    approvedUnchanged: number;
    conversations: number;
    unknownOutcomes: number;
    /** The newest conversation that holds one. */
    unknownIn: string | null;
  }>;
}
