import { titleMaxCharacters } from '../../contracts/conversation-title.ts';
import type { Clock, Ids } from '../../agent/ports.ts';
import { projectKeySchema } from '../../contracts/story.ts';
import { BusyError, ConflictError, InvalidError, NotFoundError } from '../errors/app-error.ts';
import type { ConversationRepository, StoredConversation } from '../repositories/conversation-repository.ts';
import type { DraftBookService } from './draft-book.ts';
import { pageOfVersions } from './draft-versions.ts';
import { renderExport, type ExportDeps } from './conversation-export.ts';
import { followJournal } from './journal-feed.ts';
import type { Journal } from './journal.ts';
import type { Publisher } from './publisher.ts';
import { conversationMissing } from './run-commands.ts';
import type { RunService } from './run-service.ts';
import type { Actor, ConversationChoices, ConversationService } from './services.ts';
import type { SourceBook } from './source-book.ts';
import { paragraphsOf } from './source-paragraphs.ts';

export interface ConversationServiceDeps {
  conversations: ConversationRepository;
  journal: Journal;
  publisher: Publisher;
  sources: SourceBook;
  runs: Pick<RunService, 'stop'>;
  exports: ExportDeps;
  drafts: Pick<DraftBookService, 'history'>;
  /** What a conversation is written with until its person chooses otherwise. */
  defaultChoices(): ConversationChoices;
  limits(): { conversationsPerUser: number; sourceBytes: number };
  clock: Clock;
  ids: Ids;
}

export type ManagedConversationService = ConversationService & {
  /** Rejects with a NotFoundError what is not there or not the actor's: the two look alike. */
  require(actor: Actor, conversationId: string): Promise<StoredConversation>;
  /** Deletes for good what was removed longer ago than it can be restored; returns the ids. A job calls it. */
  purgeRemoved(): Promise<string[]>;
};

const restorableForMs = 10 * 60_000;
const listMax = 500;

export function createConversationService(deps: ConversationServiceDeps): ManagedConversationService {
  const {
    conversations,
    journal,
    publisher,
    sources,
    runs,
    exports,
    drafts,
    defaultChoices,
    limits,
    clock,
    ids,
  } = deps;

  return {
    require,

    list: (actor, { search, archived = false, limit = 100 }) =>
      conversations.list(actor.userId, {
        search: search?.trim() || null,
        archived,
        limit: Math.min(limit, listMax),
      }),

    async create({ userId }, { projectKey, choices }) {
      requireProjectKey(projectKey);
      if ((await conversations.count(userId)) >= limits().conversationsPerUser) {
        throw new BusyError('too_many_conversations', 'You have as many conversations as you may keep.', {
          hint: 'Delete some that you no longer need.',
          retryable: false,
        });
      }
      const conversationId = ids.next();
      await conversations.insert({ conversationId, userId, projectKey, choices, at: clock.now() });
      return { conversationId };
    },

    async open(actor, conversationId) {
      const { summary, choices } = await require(actor, conversationId);
      const events = await wholeJournal(conversationId);
      const { formatId, promptId, issueType, epicKey } = { ...defaultChoices(), ...choices };
      return {
        summary,
        choices: { formatId, promptId, issueType, epicKey },
        events,
        lastSeq: events.at(-1)?.seq ?? 0,
      };
    },

    async eventsAfter(actor, conversationId, afterSeq, limit) {
      await require(actor, conversationId);
      return journal.after(conversationId, afterSeq, limit);
    },

    async follow(actor, conversationId, afterSeq, reader) {
      await require(actor, conversationId);
      return followJournal({ journal, publisher }, { conversationId, afterSeq, reader });
    },

    watchList: ({ userId }, listener) => publisher.subscribeList(userId, listener),

    async choose(actor, conversationId, choices) {
      await require(actor, conversationId);
      if (choices.projectKey !== undefined) requireProjectKey(choices.projectKey);
      const events = await journal.commit(
        () => conversations.choose(conversationId, choices, clock.now()),
        (result) => result ?? [],
      );
      if (events !== null) return;
      throw new ConflictError(
        'project_settled',
        'The project can no longer change: stories were drafted for it.',
        {
          hint: 'Start a new conversation for another project.',
        },
      );
    },

    async rename(actor, conversationId, title) {
      await require(actor, conversationId);
      const name = title.trim();
      if (name === '' || name.length > titleMaxCharacters) {
        const sentence = `A name has 1 to ${titleMaxCharacters} characters.`;
        throw new InvalidError('title_invalid', sentence, { fields: { title: sentence } });
      }
      await journal.commit(
        () => conversations.rename(conversationId, name, 'person', clock.now()),
        (events) => events,
      );
    },

    async archive(actor, conversationId, archived) {
      await require(actor, conversationId);
      await conversations.setArchived(conversationId, archived ? clock.now() : null);
      await showInLists(conversationId);
    },

    async remove(actor, conversationId) {
      const { summary } = await require(actor, conversationId);
      runs.stop(conversationId);
      await conversations.remove(conversationId, clock.now());
      publisher.publishSummary(actor.userId, { ...summary, removed: true });
    },

    async restore(actor, conversationId) {
      const since = clock.now() - restorableForMs;
      if (!(await conversations.restore({ userId: actor.userId, conversationId }, since))) {
        throw new NotFoundError('conversation_missing', 'This conversation can no longer be brought back.');
      }
      await showInLists(conversationId);
    },

    async exportAs(actor, conversationId, format) {
      const { summary } = await require(actor, conversationId);
      return renderExport(exports, summary, format);
    },

    async draftVersions(actor, conversationId, draftId, before) {
      await require(actor, conversationId);
      const history = await drafts.history(conversationId, draftId);
      if (history.length === 0) throw new NotFoundError('draft_missing', 'There is no such story.');
      return pageOfVersions(history, before);
    },

    async addSource(actor, conversationId, { kind, title, text }) {
      await require(actor, conversationId);
      const limit = limits().sourceBytes;
      if (Buffer.byteLength(text) > limit) {
        throw new InvalidError(
          'source_too_large',
          `A source may have ${Math.floor(limit / 1024)} KiB; this one is larger.`,
          {
            hint: 'Give the part of it that the stories are about.',
          },
        );
      }
      const paragraphs = paragraphsOf(text);
      if (paragraphs.length === 0) throw new InvalidError('source_empty', 'There is no text in this source.');
      const source = { kind, title: title.trim() || 'Pasted text', version: null, url: null, paragraphs };
      const { ref } = await sources.add({ conversationId, runId: null }, source);
      return { ref };
    },

    purgeRemoved: () => conversations.purge(clock.now() - restorableForMs),
  };

  async function require({ userId }: Actor, conversationId: string): Promise<StoredConversation> {
    const found = await conversations.find({ userId, conversationId });
    if (!found) throw conversationMissing();
    return found;
  }

  async function wholeJournal(conversationId: string) {
    const batchSize = 5_000;
    const events = await journal.after(conversationId, 0, batchSize);
    while (events.length % batchSize === 0 && events.length > 0) {
      const more = await journal.after(conversationId, events.at(-1)?.seq ?? 0, batchSize);
      if (more.length === 0) break;
      events.push(...more);
    }
    return events;
  }

  /** What no event tells: a row was archived or came back. */
  async function showInLists(conversationId: string): Promise<void> {
    const changed = await conversations.summary(conversationId);
    if (changed) publisher.publishSummary(changed.userId, changed.conversation);
  }
}

function requireProjectKey(projectKey: string): void {
  if (projectKeySchema.safeParse(projectKey).success) return;
  const sentence = 'Choose a project. A project key looks like DEMO.';
  throw new InvalidError('project_invalid', sentence, { fields: { projectKey: sentence } });
}
