import { createHash } from 'node:crypto';
import type { RuleSettings } from '../../../contracts/config/config-file.ts';
import type { CustomPrompt, StoryFormat } from '../../../contracts/config/template-files.ts';
import { ownFormatSchema, ownPromptSchema } from '../../../contracts/own-texts.ts';
import { ownSettings } from '../../../contracts/own-rules.ts';
import type { SettingField } from '../../../contracts/settings-fields.ts';
import type { ImportPlan } from '../../../contracts/writing-file.ts';
import { FORMAT_KEY, PROMPT_KEY } from '../own-texts.ts';
import { rulesPreference } from '../rule-settings.ts';
import { planRules } from './plan-rules.ts';
import { planTexts } from './plan-texts.ts';
import type { WritingFrame } from './read-writing-file.ts';

/** What holds for the person who imports. */
export interface CurrentWriting {
  shared: RuleSettings;
  effective: RuleSettings;
  formats: readonly StoryFormat[];
  prompts: readonly CustomPrompt[];
  fields: readonly SettingField[];
}

interface PlannedImport extends ImportPlan {
  /** What is stored when it is carried out: the preferences that change, by key. */
  preferences: Record<string, unknown>;
}

/** What a file would change for a person. Pure, but for the ids that new formats and prompts get. */
export function planImport(file: WritingFrame, current: CurrentWriting, newId: () => string): PlannedImport {
  const rules = planRules(file.rules, current);
  const formats = planTexts(file.formats, current.formats, {
    part: 'format',
    key: FORMAT_KEY,
    schema: ownFormatSchema,
    newId,
  });
  const prompts = planTexts(file.prompts, current.prompts, {
    part: 'prompt',
    key: PROMPT_KEY,
    schema: ownPromptSchema,
    newId,
  });
  const parts = [rules, formats, prompts];
  const changes = parts.flatMap((part) => part.changes);
  return {
    changes,
    refusals: parts.flatMap(({ refusals }) => refusals),
    unchanged: parts.reduce((sum, { unchanged }) => sum + unchanged, 0),
    fingerprint: createHash('sha256').update(JSON.stringify(changes)).digest('base64url'),
    preferences: {
      ...(rules.changes.length > 0 && {
        [rulesPreference]: ownSettings(rules.settings, current.shared),
      }),
      ...formats.preferences,
      ...prompts.preferences,
    },
  };
}
