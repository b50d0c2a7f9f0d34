import { createDraftCommands, type DraftCommandsDeps } from './draft-commands.ts';
import { createRunCommands, type RunCommandsDeps } from './run-commands.ts';
import type { Actor, ConversationCommands } from './services.ts';

interface ConversationCommandsDeps {
  run: RunCommandsDeps;
  draft: DraftCommandsDeps;
  /** What a person decides about a creation whose outcome is unknown; issue creation offers it. */
  creation: {
    resolve(actor: Actor, payload: Parameters<ConversationCommands['creation:resolve']>[1]): Promise<void>;
  };
  /** Takes back what one approval created. */
  undo: {
    begin(
      actor: Actor,
      payload: Parameters<ConversationCommands['creation:undo']>[1],
    ): Promise<{ issues: number }>;
  };
}

/** Every command of the channel, and of the endpoints that take the same commands by POST. */
export function createConversationCommands({
  run,
  draft,
  creation,
  undo,
}: ConversationCommandsDeps): ConversationCommands {
  return {
    ...createRunCommands(run),
    ...createDraftCommands(draft),
    async 'creation:resolve'(actor, payload) {
      await draft.requireConversation(actor, payload.conversationId);
      await creation.resolve(actor, payload);
      return {};
    },
    async 'creation:undo'(actor, payload) {
      await draft.requireConversation(actor, payload.conversationId);
      return undo.begin(actor, payload);
    },
  };
}
