import { join } from 'node:path';
import type { IssueTracker } from '../../agent/ports.ts';
import {
  bypassableRules,
  checkRules,
  createStoryAgent,
  keepBypasses,
  type StoryAgent,
} from '../../agent/story-agent.ts';
import { createStaleRunReaper } from '../jobs/stale-run-reaper.ts';
import { createBypassPolicyRepository } from '../repositories/bypass-policy-repository.ts';
import { createClarificationRepository } from '../repositories/clarification-repository.ts';
import { createConversationRepository } from '../repositories/conversation-repository.ts';
import { createDraftRepository } from '../repositories/draft-repository.ts';
import { createJournalRepository } from '../repositories/journal-repository.ts';
import { createMessageRepository } from '../repositories/message-repository.ts';
import { createRunRepository } from '../repositories/run-repository.ts';
import { createRunStartRepository } from '../repositories/run-start-repository.ts';
import { createSourceRepository } from '../repositories/source-repository.ts';
import { createBypassRules, type BypassRules } from '../services/bypass-rules.ts';
import { createConversationCommands } from '../services/conversation-commands.ts';
import {
  createConversationService,
  type ManagedConversationService,
} from '../services/conversation-service.ts';
import { createSourceDesk } from '../services/desks/source-desk.ts';
import { createDraftBookService } from '../services/draft-book.ts';
import { createDraftPreparation } from '../services/draft-preparation.ts';
import { mayReadPages, requireIssueCreator } from '../services/feature-access.ts';
import { createRememberedFields } from '../services/issue-creation/remembered-fields.ts';
import { createJournal } from '../services/journal.ts';
import { createPublisher } from '../services/publisher.ts';
import type { RunMeans } from '../services/run-context.ts';
import { createRunService, type RunService } from '../services/run-service.ts';
import type {
  Actor,
  ConfigurationService,
  ConversationChoices,
  ConversationCommands,
  WorkspaceService,
} from '../services/services.ts';
import { createSourceBook } from '../services/source-book.ts';
import { createSourceReader } from '../services/source-reading/source-reader.ts';
import { createTranscript } from '../services/transcript.ts';
import { createWritingSettings } from '../services/writing-settings.ts';
import type { Accounts } from './accounts.ts';
import { createCreation, type Creation } from './creation.ts';
import type { Foundations } from './foundations.ts';
import type { IssueDesks } from './issue-desks.ts';
import type { ModelAccess } from './model-access.ts';
import type { Remotes } from './remotes.ts';

export interface Conversations {
  service: ManagedConversationService;
  commands: ConversationCommands;
  bypassRules: BypassRules;
  issues: Creation;
  agent: StoryAgent;
  runs: Pick<RunService, 'stop' | 'settled'>;
  /** Stores how runs ended while the database took no writes. */
  storeEnds: () => Promise<void>;
  /** Closes runs whose process died. */
  reapStaleRuns: () => Promise<number>;
  /** Deletes for good what was removed longer ago than it can be restored. */
  purgeRemoved: () => Promise<void>;
  close(): Promise<void>;
}

interface ConversationDeps {
  foundations: Foundations;
  remotes: Remotes;
  accounts: Accounts;
  configuration: ConfigurationService;
  workspace: WorkspaceService;
  desks: Pick<IssueDesks, 'deskFor' | 'undoDeskFor' | 'backlogDeskFor'>;
  toolHints: (userId: string) => Promise<string[]>;
  model: Pick<ModelAccess, 'modelFor' | 'toolModelFor'>;
  processId: string;
}

const heartbeatMs = 5_000;
/** Longer than three heartbeats, or a slow run is reaped alive. */
const staleAfterMs = 20_000;
const releaseAfterMs = 5_000;

/** Conversations with everything that one needs: journal, runs, drafts, the agent, creation. */
export function createConversations(deps: ConversationDeps): Conversations {
  const { foundations, remotes, accounts, configuration, workspace, desks, processId } = deps;
  const { settings, config, db, clock, ids, log, metrics } = foundations;
  const repositories = {
    conversations: createConversationRepository(db),
    messages: createMessageRepository(db),
    clarifications: createClarificationRepository(db),
    sources: createSourceRepository(db),
    drafts: createDraftRepository(db),
    runs: createRunRepository(db, ids),
    starts: createRunStartRepository(db),
  };
  const publisher = createPublisher();
  const journal = createJournal({
    journal: createJournalRepository(db),
    conversations: repositories.conversations,
    publisher,
    disk: db.disk,
    clock,
    log,
  });
  const transcript = createTranscript(repositories);
  const sources = createSourceBook({ sources: repositories.sources, journal, clock, ids });
  const drafts = createDraftBookService({ drafts: repositories.drafts, journal, clock, ids });
  const agent = createStoryAgent({ checkpointFile: join(settings.dataDir, 'checkpoints.db') });

  const rememberedFields = createRememberedFields({ preferences: accounts.preferences, log });
  const issues = createCreation({
    foundations,
    accounts,
    journal,
    drafts,
    desks,
    rememberedFields,
    processId,
  });
  const { creation, undo } = issues;
  const preparation = createDraftPreparation({ drafts, prepare: creation.prepare, log });

  const choicesOf = async (conversationId: string) => {
    const found = await repositories.conversations.summary(conversationId);
    const stored = found && (await repositories.conversations.find({ userId: found.userId, conversationId }));
    return {
      projectKey: stored?.summary.projectKey ?? null,
      choices: { ...defaultChoices(), ...stored?.choices },
    };
  };
  const defaultChoices = (): ConversationChoices => ({
    formatId: config.current().prompts.storyFormats[0]?.id ?? 'classic',
    promptId: null,
    issueType: 'Story',
    epicKey: null,
  });

  const writingSettingsFor = createWritingSettings({
    config,
    preferences: accounts.preferences,
    workspace,
    choicesOf,
    toolHints: deps.toolHints,
  });
  const runs = createRunService({
    agent,
    means: createRunMeans(),
    transcript,
    drafts,
    journal,
    rename: (conversationId, title) => {
      // Only a name: what the run asks the model next leaves first, and the run goes on without it.
      setImmediate(() => {
        const renaming = journal.commit(
          () => repositories.conversations.rename(conversationId, title, 'agent', clock.now()),
          (events) => events,
        );
        renaming.catch((error: unknown) => log.warn({ err: error }, 'A conversation could not be named'));
      });
    },
    starts: repositories.starts,
    runs: repositories.runs,
    clock,
    ids,
    log,
    processId,
    heartbeatMs,
    releaseAfterMs,
    explain: db.storage.explain,
    observeRun: (end, seconds) => metrics.runs.observe({ end }, seconds),
  });
  const service = createConversationService({
    conversations: repositories.conversations,
    journal,
    publisher,
    sources,
    runs,
    exports: { transcript, drafts },
    drafts,
    defaultChoices,
    limits: () => config.current().config.limits,
    clock,
    ids,
  });
  const bypassRules = createBypassRules({
    policies: createBypassPolicyRepository(db),
    ruleKeys: bypassableRules().map(({ key }) => key),
    audit: accounts.audit,
  });
  const shared = { requireConversation: service.require, prepareDrafts: preparation.start, journal, clock };
  const commands = createConversationCommands({
    run: {
      ...shared,
      starts: repositories.starts,
      runs,
      messages: repositories.messages,
      requireOpenFeature: (actor) => requireIssueCreator(configuration, actor),
      audit: accounts.audit,
    },
    draft: {
      ...shared,
      drafts,
      repository: repositories.drafts,
      runs: repositories.runs,
      audit: accounts.audit,
      bypassRules,
      rememberedFields,
      async checkRules(actor, { conversationId, parentId, rules: before }, content) {
        const { rules, projectKey, format } = await writingSettingsFor(actor, conversationId);
        const place = { projectKey, sections: format.sections, isChild: parentId !== null };
        return keepBypasses(checkRules(content, rules, place), before);
      },
      ids,
    },
    creation,
    undo,
  });
  const reapStaleRuns = createStaleRunReaper({
    runs: repositories.runs,
    journal,
    processId,
    staleAfterMs,
    clock,
    log,
  });

  return {
    service,
    commands,
    bypassRules,
    issues,
    agent,
    runs,
    storeEnds: runs.storeEnds,
    reapStaleRuns,
    async purgeRemoved() {
      for (const conversationId of await service.purgeRemoved()) await agent.forget(conversationId);
    },
    async close() {
      await runs.dispose();
      await preparation.dispose();
      await issues.close();
      await journal.flush();
      agent.close();
    },
  };

  function createRunMeans(): RunMeans {
    return {
      modelFor: async (actor, run) => deps.model.modelFor(actor, run),
      toolModelFor: deps.model.toolModelFor,
      trackerFor: async (actor) => trackerFor(actor),
      async sourceReaderFor(actor) {
        return createSourceReader({
          desk: createSourceDesk({
            jira: () => remotes.access.jira(actor),
            confluence: () => remotes.access.confluence(actor),
          }),
          urls: await connectionUrls(actor),
          pagesAllowed: () => mayReadPages(configuration, actor),
          keep: ({ conversationId, runId, ...source }) => sources.add({ conversationId, runId }, source),
          known: sources.list,
          log,
        });
      },
      backlogFor: (actor) => desks.backlogDeskFor(actor, () => mayReadPages(configuration, actor)),
      writingSettingsFor,
    };
  }

  function trackerFor(actor: Actor): IssueTracker {
    return {
      async prepare({ conversationId, draftIds, signal }) {
        await creation.prepare(actor, { conversationId, draftIds, signal });
        const all = await drafts.list(conversationId);
        return all.filter(({ id }) => draftIds.includes(id));
      },
      create: ({ approvalId, signal }) => creation.create(actor, { approvalId, signal }),
    };
  }

  async function connectionUrls(
    actor: Actor,
  ): Promise<{ jiraUrl: string | null; confluenceUrl: string | null }> {
    const [jiraUrl, confluenceUrl] = await Promise.all([
      configuration.address(actor, 'jira'),
      configuration.address(actor, 'confluence'),
    ]);
    return { jiraUrl, confluenceUrl };
  }
}
