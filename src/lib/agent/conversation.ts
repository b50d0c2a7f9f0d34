import type { StoryDraft } from '../contracts/story.ts';
import { collectCitables, type Citables } from './citations.ts';
import type { AnsweredQuestion, RunContext, Source, TranscriptMessage } from './ports.ts';
import type { State } from './state.ts';

/** What was said, read and drafted so far, as one node sees it. */
export interface Conversation {
  messages: TranscriptMessage[];
  answers: AnsweredQuestion[];
  sources: Source[];
  /** Drafts that can still change, in order; the model knows them by their place, from 1. */
  drafts: StoryDraft[];
  citables: Citables;
  /** Older turns in short, and the turns that it does not cover, without what `requirement` blocks hold. */
  summary: string;
  turns: TranscriptMessage[];
}

export async function readConversation(context: RunContext, state: State): Promise<Conversation> {
  const { conversationId, transcript, drafts } = context;
  const [messages, answers, sources, list] = await Promise.all([
    transcript.messages(conversationId),
    transcript.answers(conversationId),
    transcript.sources(conversationId),
    drafts.list(conversationId),
  ]);
  const covered = messages.findIndex(({ messageId }) => messageId === state.summaryUpTo);
  return {
    messages,
    answers,
    sources,
    drafts: workable(list),
    citables: collectCitables({ messages, answers, sources }),
    summary: covered < 0 ? '' : state.summary,
    turns: messages.slice(covered + 1),
  };
}

/** Drafts that can still change: neither split nor on their way to Jira. What Jira refused is among them. */
export function workable(drafts: StoryDraft[]): StoryDraft[] {
  return drafts.filter(({ status }) => status === 'proposed' || status === 'failed');
}

export function messageById({ messages }: Conversation, messageId: string): TranscriptMessage | undefined {
  return messages.find((message) => message.messageId === messageId);
}
