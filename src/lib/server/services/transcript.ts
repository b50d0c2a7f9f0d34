import type { Transcript } from '../../agent/ports.ts';
import type { ClarificationRepository } from '../repositories/clarification-repository.ts';
import type { MessageRepository } from '../repositories/message-repository.ts';
import type { SourceRepository } from '../repositories/source-repository.ts';

interface TranscriptDeps {
  messages: Pick<MessageRepository, 'spoken'>;
  clarifications: Pick<ClarificationRepository, 'answered'>;
  sources: Pick<SourceRepository, 'list'>;
}

/** What was said and read in a conversation, as the agent is told it. */
export function createTranscript({ messages, clarifications, sources }: TranscriptDeps): Transcript {
  return { messages: messages.spoken, answers: clarifications.answered, sources: sources.list };
}
