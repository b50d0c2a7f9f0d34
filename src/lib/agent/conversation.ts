import type { StoryDraft } from '../contracts/story.ts';
import { collectCitables, type Citables } from './citations.ts';
import type { AnsweredQuestion, RunContext, Source, TranscriptMessage } from './ports.ts';
import type { ProseAnswer, State } from './state.ts';

/** What was said, read and drafted so far, as one node sees it. */
export interface Conversation {
  messages: TranscriptMessage[];
  answers: AnsweredQuestion[];
  /** Questions that a message answered instead of the form. */
  proseAnswers: ProseAnswer[];
  sources: Source[];
  /** Proposed drafts in order; the model knows them by their place, from 1. */
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
  const proseAnswers = state.answeredInProse.filter(
    ({ id }) => !answers.some((answer) => answer.id === id && answer.answer !== null),
  );
  const known = answers.filter(({ id }) => !proseAnswers.some((prose) => prose.id === id));
  const covered = messages.findIndex(({ messageId }) => messageId === state.summaryUpTo);
  return {
    messages,
    answers: known,
    proseAnswers,
    sources,
    drafts: workable(list),
    citables: collectCitables({
      messages,
      answers: [...known, ...proseAsAnswers(proseAnswers, messages)],
      sources,
    }),
    summary: covered < 0 ? '' : state.summary,
    turns: messages.slice(covered + 1),
  };
}

/** Drafts that can still change: neither split nor on their way to Jira. */
export function workable(drafts: StoryDraft[]): StoryDraft[] {
  return drafts.filter(({ status }) => status === 'proposed');
}

export function messageById({ messages }: Conversation, messageId: string): TranscriptMessage | undefined {
  return messages.find((message) => message.messageId === messageId);
}

function proseAsAnswers(proseAnswers: ProseAnswer[], messages: TranscriptMessage[]): AnsweredQuestion[] {
  return proseAnswers.flatMap(({ messageId, alone: _, ...question }) => {
    const answer = messages.find((message) => message.messageId === messageId)?.text;
    return answer === undefined ? [] : [{ ...question, answer }];
  });
}
