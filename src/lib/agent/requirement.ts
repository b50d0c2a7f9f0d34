import { messageById, type Conversation } from './conversation.ts';
import type { TranscriptMessage } from './ports.ts';
import type { State } from './state.ts';

/**
 * The person's messages that say what is wanted now: the requirement in work and messages that answered its
 * questions. A conversation whose checkpoints were lost falls back to the person's last message.
 */
export function requirementMessages(
  conversation: Conversation,
  state: Pick<State, 'requirementIds'>,
): TranscriptMessage[] {
  const messages = state.requirementIds.flatMap((id) => messageById(conversation, id) ?? []);
  if (messages.length > 0) return messages;
  return conversation.messages.filter(({ role }) => role === 'user').slice(-1);
}
