import { ulid } from 'ulid';
import type { ConversationStatus, RunEventOf, RunEventType } from '../../src/lib/contracts/run-event.ts';
import type { ExtraFields, StoryDraft } from '../../src/lib/contracts/story.ts';
import type { ClientPayload } from '../../src/lib/contracts/socket-events.ts';
import type { RunningApp, SignedIn } from './running-app.ts';
import type { OpenTab } from './socket-client.ts';

/** Becomes three stories of which none is too big, after two questions. */
export const requirement =
  'Customers should be able to export invoices as PDF or CSV, by e-mail too, with an audit trail.';

export type Talk = ReturnType<typeof talkOver>;
type Resolve = ClientPayload<'creation:resolve'>;
type Choice = Resolve extends infer Each
  ? Each extends Resolve
    ? Omit<Each, 'conversationId'>
    : never
  : never;

/** A new conversation about a project, open in a tab. */
export async function startTalk(running: RunningApp, who: SignedIn, projectKey = 'DEMO'): Promise<Talk> {
  const created = await running.app.services.conversations.create(who.actor, { projectKey, choices: {} });
  return openTalk(running, who, created.conversationId);
}

/** A conversation that is there already, in a tab of its own, with everything that happened before. */
export async function openTalk(
  running: Pick<RunningApp, 'tab'>,
  who: SignedIn,
  conversationId: string,
): Promise<Talk> {
  const talk = talkOver(await running.tab(who), conversationId);
  await talk.joined();
  return talk;
}

/** What a person does in the workspace, and what they see of it: one tab, one conversation. */
export function talkOver(tab: OpenTab, conversationId: string) {
  const eventsOf = <T extends RunEventType>(type: T) =>
    tab.events.filter(
      (event): event is RunEventOf<T> => event.type === type && event.conversationId === conversationId,
    );

  function drafts(): StoryDraft[] {
    const gone = new Set(eventsOf('draft_discarded').map(({ body }) => body.draftId));
    const newest = new Map(eventsOf('draft_saved').map(({ body }) => [body.draft.id, body.draft]));
    return [...newest.values()].filter(({ id }) => !gone.has(id)).sort((a, b) => a.position - b.position);
  }

  const status = (): ConversationStatus => eventsOf('conversation_changed').at(-1)?.body.status ?? 'empty';
  const ready = (): StoryDraft[] =>
    drafts().filter(({ status, posting }) => status === 'proposed' && posting?.missingFields.length === 0);

  async function runEnd(runId: string): Promise<RunEventOf<'run_ended'>['body']> {
    const end = () => eventsOf('run_ended').find((event) => event.runId === runId);
    await tab.until(() => end() !== undefined);
    // A changed status is the last event of a run's end.
    await tab.until(() => status() !== 'working');
    return end()?.body ?? { end: 'failed', problem: null };
  }

  function open<T extends 'clarify' | 'review'>(type: T): RunEventOf<T>['body'] {
    const event = tab.events.findLast((one) => one.type === type && one.conversationId === conversationId);
    if (!event) throw new Error(`There is no ${type} in the conversation.`);
    return event.body as RunEventOf<T>['body'];
  }

  function approval(chosen: StoryDraft[] = ready()): ClientPayload<'review:approve'> {
    return {
      conversationId,
      interruptId: open('review').interruptId,
      approvalId: ulid(),
      drafts: chosen.map(({ id: draftId, version, posting }) => ({
        draftId,
        version,
        hash: posting?.hash ?? '',
      })),
    };
  }

  const send = async (text: string) =>
    tab.ask('message:send', { conversationId, messageId: ulid(), text, draftIds: [] });

  const skipped = (): ClientPayload<'clarify:answer'> => {
    const { interruptId, questions } = open('clarify');
    const answers = questions.map(({ id: questionId }) => ({ questionId, text: null }));
    return { conversationId, interruptId, answers };
  };

  return {
    tab,
    conversationId,
    events: () => tab.events.filter((event) => event.conversationId === conversationId),
    eventsOf,
    drafts,
    ready,
    status,
    runEnd,
    approval,
    skipped,
    /** What the assistant said last. */
    lastWords: () =>
      eventsOf('message_added').findLast(({ body }) => body.role === 'assistant')?.body.text ?? '',
    async joined() {
      const { lastSeq } = await tab.ask('conversation:join', { conversationId, afterSeq: 0 });
      await tab.until(() => lastSeq === 0 || (tab.events.at(-1)?.seq ?? 0) >= lastSeq);
    },
    /** Resolves when the agent has come to rest after it. */
    async say(text: string) {
      const { runId } = await send(text);
      return runEnd(runId ?? '');
    },
    send,
    async skipQuestions() {
      const { runId } = await tab.ask('clarify:answer', skipped());
      return runEnd(runId);
    },
    async approve(chosen?: StoryDraft[]) {
      const { runId } = await tab.ask('review:approve', approval(chosen));
      return runEnd(runId);
    },
    async goOn() {
      const { runId } = await tab.ask('run:continue', { conversationId });
      return runEnd(runId);
    },
    resolve: (choice: Choice) => tab.ask('creation:resolve', { ...choice, conversationId } as Resolve),
    fill: ({ id: draftId, version }: StoryDraft, extraFields: ExtraFields) =>
      tab.ask('draft:fields', { conversationId, draftId, version, extraFields }),
    /** The draft once it looks as the test expects. */
    async untilDraft(draftId: string, fits: (draft: StoryDraft) => boolean): Promise<StoryDraft> {
      const fitting = () => drafts().find((draft) => draft.id === draftId && fits(draft));
      await tab.until(() => fitting() !== undefined);
      return fitting() as StoryDraft;
    },
    untilStatus: (wanted: ConversationStatus) => tab.until(() => status() === wanted),
    /** From nothing to a review, with every question skipped. */
    async toReview(text = requirement) {
      await this.say(text);
      while (status() === 'needs_answer') await this.skipQuestions();
      if (status() !== 'needs_review') throw new Error(`The conversation is ${status()} and not in review.`);
    },
  };
}
