import { pino } from 'pino';
import { ulid } from 'ulid';
import type { RunContext, RunInput, RunOutcome } from '../../src/lib/agent/ports.ts';
import type { RunEvent, RunEventOf, RunEventType } from '../../src/lib/contracts/run-event.ts';
import type { Posting, StoryContent } from '../../src/lib/contracts/story.ts';
import type { AppDatabase } from '../../src/lib/server/db/connection.ts';
import { createStaleRunReaper } from '../../src/lib/server/jobs/stale-run-reaper.ts';
import { createClarificationRepository } from '../../src/lib/server/repositories/clarification-repository.ts';
import { createConversationRepository } from '../../src/lib/server/repositories/conversation-repository.ts';
import { createDraftRepository } from '../../src/lib/server/repositories/draft-repository.ts';
import { createJournalRepository } from '../../src/lib/server/repositories/journal-repository.ts';
import { createMessageRepository } from '../../src/lib/server/repositories/message-repository.ts';
import { createRunRepository } from '../../src/lib/server/repositories/run-repository.ts';
import { createRunStartRepository } from '../../src/lib/server/repositories/run-start-repository.ts';
import { createSourceRepository } from '../../src/lib/server/repositories/source-repository.ts';
import { createConversationCommands } from '../../src/lib/server/services/conversation-commands.ts';
import { createConversationService } from '../../src/lib/server/services/conversation-service.ts';
import { createDraftBookService } from '../../src/lib/server/services/draft-book.ts';
import { createDraftPreparation } from '../../src/lib/server/services/draft-preparation.ts';
import { createJournal } from '../../src/lib/server/services/journal.ts';
import { createPublisher } from '../../src/lib/server/services/publisher.ts';
import { createRunService, type RunServiceDeps } from '../../src/lib/server/services/run-service.ts';
import type { Actor } from '../../src/lib/server/services/services.ts';
import { createSourceBook } from '../../src/lib/server/services/source-book.ts';
import { createTranscript } from '../../src/lib/server/services/transcript.ts';

type Script = (input: RunInput, context: RunContext) => Promise<RunOutcome>;

interface Options {
  /** What the agent does with each input; the port that a graph would serve. */
  script: Script;
  processId?: string;
  now?: () => number;
  releaseAfterMs?: number;
  isGone?: (processId: string) => boolean;
  /** In place of the real wait for the disk. */
  disk?: Pick<AppDatabase['disk'], 'owes' | 'settled'>;
}

export type Conversations = ReturnType<typeof startConversations>;

/** Everything behind the channel, on a real database, with a scripted agent in place of the graph. */
export function startConversations(db: AppDatabase, options: Options) {
  const { script, processId = 'here/1/a', now = Date.now, releaseAfterMs = 1_000 } = options;
  const clock = { now };
  const ids = { next: () => ulid() };
  const log = pino({ level: 'silent' });
  const publisher = createPublisher();
  const conversationRepository = createConversationRepository(db);
  const runRepository = createRunRepository(db, ids);
  const starts = createRunStartRepository(db);
  const draftRepository = createDraftRepository(db);
  const messages = createMessageRepository(db);
  const journal = createJournal({
    journal: createJournalRepository(db),
    conversations: conversationRepository,
    publisher,
    disk: options.disk ?? db.disk,
    clock,
    log,
  });
  const drafts = createDraftBookService({ drafts: draftRepository, journal, clock, ids });
  const sourceRepository = createSourceRepository(db);
  const transcript = createTranscript({
    messages,
    clarifications: createClarificationRepository(db),
    sources: sourceRepository,
  });
  const sources = createSourceBook({ sources: sourceRepository, journal, clock, ids });
  const unused = () => Promise.reject(new Error('The script does not use this.'));
  const means = {
    modelFor: async () => ({ complete: unused }),
    toolModelFor: () => null,
    trackerFor: async () => ({ prepare: unused, create: unused }),
    sourceReaderFor: async () => ({ gather: unused }),
    backlogFor: async () => ({ similar: unused }),
    writingSettingsFor: async () => ({}),
  } as unknown as RunServiceDeps['means'];
  const runs = createRunService({
    observeRun: () => undefined,
    explain: db.storage.explain,
    agent: { run: script },
    means,
    transcript,
    drafts,
    rename: (conversationId, title) =>
      void journal.commit(
        () => conversationRepository.rename(conversationId, title, 'agent', now()),
        (events) => events,
      ),
    starts,
    runs: runRepository,
    journal,
    log,
    clock,
    ids,
    processId,
    heartbeatMs: 50,
    releaseAfterMs,
  });
  const conversations = createConversationService({
    conversations: conversationRepository,
    journal,
    publisher,
    sources,
    runs,
    exports: { transcript, drafts },
    drafts,
    defaultChoices: () => ({ formatId: 'classic', promptId: null, issueType: 'Story', epicKey: null }),
    limits: () => ({ conversationsPerUser: 50, sourceBytes: 1_048_576 }),
    clock,
    ids,
  });
  /** Prepares as issue creation would: the very arguments and their hash. */
  const preparation = createDraftPreparation({
    drafts,
    async prepare(_actor, { conversationId, draftIds }) {
      for (const draftId of draftIds) {
        const found = await drafts.find(conversationId, draftId);
        if (!found) continue;
        const posting = postingOf(found.draft.content, found.markerLabel);
        await drafts.savePosting(draftId, found.draft.version, { posting, similar: [], problem: null });
      }
    },
    log,
  });
  const audited: { action: string; outcome: string }[] = [];
  const shared = {
    journal,
    clock,
    prepareDrafts: preparation.start,
    rememberedFields: { remember: async () => undefined },
    requireConversation: conversations.require,
  };
  const commands = createConversationCommands({
    run: {
      ...shared,
      starts,
      runs,
      messages,
      requireOpenFeature: async () => undefined,
      audit: { record: (_who, entry) => void audited.push(entry) },
    },
    draft: {
      ...shared,
      drafts,
      repository: draftRepository,
      runs: runRepository,
      checkRules: async () => [],
      bypassRules: { require: async () => undefined },
      audit: { record: (_who, entry) => void audited.push(entry) },
      ids,
    },
    creation: { resolve: async () => undefined },
    undo: { begin: async () => ({ issues: 0 }) },
  });
  const reap = createStaleRunReaper({
    runs: runRepository,
    journal,
    processId,
    staleAfterMs: 1_000,
    clock,
    log,
    ...(options.isGone ? { isGone: options.isGone } : {}),
  });

  return {
    conversations,
    commands,
    runs,
    journal,
    drafts,
    transcript,
    publisher,
    preparation,
    reap,
    audited,
    ids,
    eventsOf,
    untilEvent,
  };

  function eventsOf(actor: Actor, conversationId: string): Promise<RunEvent[]> {
    return conversations.eventsAfter(actor, conversationId, 0, 100_000);
  }

  /** The first event of a type that fits, whether it happened already or not. */
  async function untilEvent<T extends RunEventType>(
    conversationId: string,
    type: T,
    fits: (body: RunEventOf<T>['body']) => boolean = () => true,
  ): Promise<RunEventOf<T>> {
    const wanted = (event: RunEvent): event is RunEventOf<T> =>
      event.type === type && fits(event.body as RunEventOf<T>['body']);
    const found = Promise.withResolvers<RunEventOf<T>>();
    const look = (events: readonly RunEvent[]) => {
      const hit = events.find(wanted);
      if (hit) found.resolve(hit);
    };
    const unsubscribe = publisher.subscribe(conversationId, look);
    look(await journal.after(conversationId, 0, 100_000));
    return found.promise.finally(unsubscribe);
  }
}

export function storyContent(change: Partial<StoryContent> = {}): StoryContent {
  return {
    schemaVersion: 1,
    issueType: 'Story',
    epicKey: null,
    summary: 'Export an invoice as PDF',
    format: 'classic',
    description: 'As a customer I want a PDF of my invoice.',
    acceptanceCriteria: [
      { id: 'c1', text: 'A PDF is offered.', source: { kind: 'message', ref: 'M1.1', quote: 'as PDF' } },
    ],
    stlcNotes: 'Compare with the invoice on the screen.',
    storyPoints: 3,
    labels: [],
    ...change,
  };
}

export function postingOf(content: StoryContent, markerLabel: string): Posting {
  return {
    projectKey: 'DEMO',
    issueType: content.issueType,
    summary: content.summary,
    description: content.description,
    labels: [markerLabel],
    storyPoints: content.storyPoints,
    epicKey: null,
    extraFields: {},
    markerLabel,
    // Distinct for each version is all that these tests need of it.
    hash: Buffer.from(markerLabel.padEnd(32)).toString('hex').slice(0, 64),
    notes: [],
    missingFields: [],
    rememberedFields: [],
  };
}
