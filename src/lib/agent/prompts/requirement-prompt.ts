import type { Conversation } from '../conversation.ts';
import { systemPrompt } from '../model/ask-model.ts';
import type { WritingSettings } from '../ports.ts';
import { requirementMessages } from '../requirement.ts';
import type { State } from '../state.ts';
import { clarificationsBlocks, draftsBlock, requirementBlock, toolsBlocks, writingBlocks } from './blocks.ts';
import { composePrompt } from './compose-prompt.ts';

/** What the model is told of the requirement in work, to ask about it or to write its stories: the same for both. */
export function requirementPrompt(
  type: 'clarify' | 'draft',
  state: State,
  settings: WritingSettings,
  conversation: Conversation,
): string {
  const requirement = requirementMessages(conversation, state);
  return composePrompt({
    system: systemPrompt(settings, type),
    settings,
    required: [
      ...writingBlocks(settings),
      ...(conversation.drafts.length > 0
        ? [draftsBlock(conversation.drafts.map(({ content }) => content))]
        : []),
      ...requirement.map(requirementBlock),
      ...clarificationsBlocks(conversation),
    ],
    sources: conversation.sources,
    focus: requirement.map(({ text }) => text).join('\n'),
    cited: [],
    optional: toolsBlocks(settings),
    history: { ...conversation, turns: conversation.turns.filter((turn) => !requirement.includes(turn)) },
  });
}
