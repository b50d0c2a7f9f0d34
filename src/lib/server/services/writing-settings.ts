import type { WritingSettings } from '../../agent/ports.ts';
import type { ConversationChoices } from './services.ts';
import { readPreference } from '../../contracts/preferences.ts';
import { InvalidError } from '../errors/app-error.ts';
import type { ConfigStore } from '../settings/config-store.ts';
import { offeredFormats, offeredPrompts } from './own-texts.ts';
import type { Actor, PreferenceService, WorkspaceService } from './services.ts';

export interface WritingSettingsDeps {
  config: Pick<ConfigStore, 'current'>;
  preferences: Pick<PreferenceService, 'all'>;
  workspace: Pick<WorkspaceService, 'rules'>;
  /** What was chosen for a conversation. */
  choicesOf: (conversationId: string) => Promise<{ projectKey: string | null; choices: ConversationChoices }>;
  /** What the person's tools can do, as sentences for the model. */
  toolHints: (userId: string) => Promise<string[]>;
}

/** How a person wants stories of one conversation written: read when a run starts, fixed while it runs. */
export function createWritingSettings(deps: WritingSettingsDeps) {
  return async function writingSettingsFor(actor: Actor, conversationId: string): Promise<WritingSettings> {
    const { config, prompts } = deps.config.current();
    const [{ projectKey, choices }, rules, stored, toolHints] = await Promise.all([
      deps.choicesOf(conversationId),
      deps.workspace.rules(actor),
      deps.preferences.all(actor),
      deps.toolHints(actor.userId),
    ]);
    if (projectKey === null)
      throw new InvalidError('project_missing', 'Choose a project for this conversation first.');
    const formats = offeredFormats(prompts, stored);
    const [firstFormat] = formats;
    // One that was deleted or taken out of the configuration since must not end the conversation.
    const format = formats.find(({ id }) => id === choices.formatId) ?? firstFormat;
    if (!format)
      throw new InvalidError('format_missing', 'No story format is configured.', {
        hint: 'Ask your administrator to add one to prompts.json.',
      });
    return {
      projectKey,
      format,
      customPrompt: offeredPrompts(prompts, stored).find(({ id }) => id === choices.promptId) ?? null,
      issueType: choices.issueType,
      epicKey: choices.epicKey,
      rules: rules.effective,
      language: readPreference(stored, 'language', 'auto'),
      contextTokens: config.llm.parameters.contextTokens,
      toolHints,
      systemInstructions: prompts.systemInstructions,
      systemPrompts: prompts.systemPrompts,
    };
  };
}
