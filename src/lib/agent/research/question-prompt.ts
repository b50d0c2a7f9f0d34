import type { PromptBlock } from '../../contracts/prompt-format.ts';
import type { Conversation } from '../conversation.ts';
import { systemPrompt } from '../model/ask-model.ts';
import type { RunContext, RunInput } from '../ports.ts';
import { block, clarificationsBlocks, draftsBlock, toolsBlocks } from '../prompts/blocks.ts';
import { composePrompt } from '../prompts/compose-prompt.ts';

/**
 * A person's question with what was said, read and drafted so far. `found` is what a search brought; `share` is the
 * part of the model's window that it may take.
 */
export function questionPrompt(
  { settings }: Pick<RunContext, 'settings'>,
  conversation: Conversation,
  input: Extract<RunInput, { kind: 'message' }>,
  { found = [], share = 1 }: { found?: PromptBlock[]; share?: number },
): string {
  return composePrompt({
    system: systemPrompt(settings, 'converse'),
    settings: { contextTokens: settings.contextTokens * share },
    required: [
      block('language', settings.language),
      ...clarificationsBlocks(conversation),
      draftsBlock(conversation.drafts.map(({ content }) => content)),
      block('question', input.text),
    ],
    sources: conversation.sources,
    focus: input.text,
    cited: [],
    optional: [...found, ...toolsBlocks(settings)],
    history: {
      ...conversation,
      turns: conversation.turns.filter(({ messageId }) => messageId !== input.messageId),
    },
  });
}
