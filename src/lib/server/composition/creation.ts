import { setTimeout } from 'node:timers/promises';
import { markdownToWiki } from '../adapters/markdown-to-wiki.ts';
import { isProcessGone } from '../jobs/stale-run-reaper.ts';
import { createApprovalRepository } from '../repositories/approval-repository.ts';
import { createCreationIntentRepository } from '../repositories/creation-intent-repository.ts';
import { createUndoRepository } from '../repositories/undo-repository.ts';
import type { DraftBookService } from '../services/draft-book.ts';
import { createIntentJournal } from '../services/issue-creation/intent-journal.ts';
import { createIssueCreation, type IssueCreation } from '../services/issue-creation/issue-creation.ts';
import type { RememberedFields } from '../services/issue-creation/remembered-fields.ts';
import { createLaunchUndo, type LaunchUndo } from '../services/issue-creation/undo-launch.ts';
import type { Journal } from '../services/journal.ts';
import type { Accounts } from './accounts.ts';
import type { Foundations } from './foundations.ts';
import type { IssueDesks } from './issue-desks.ts';

interface CreationParts {
  foundations: Foundations;
  accounts: Accounts;
  journal: Journal;
  drafts: DraftBookService;
  desks: Pick<IssueDesks, 'deskFor' | 'undoDeskFor'>;
  rememberedFields: RememberedFields;
  processId: string;
}

export interface Creation {
  creation: IssueCreation;
  undo: LaunchUndo;
  /** Takes up what a dead process left midway. */
  recover(): Promise<void>;
  /** Goes on with what waits: unknown outcomes, issues to take back. */
  goOn(): Promise<void>;
  close(): Promise<void>;
}

/** Creating issues from approved stories, and taking them back. */
export function createCreation({
  foundations,
  accounts,
  journal,
  drafts,
  desks,
  rememberedFields,
  processId,
}: CreationParts): Creation {
  const { config, db, clock, ids, log } = foundations;
  const shared = {
    approvals: createApprovalRepository(db),
    employeeIdOf: async (userId: string) => (await accounts.users.find(userId))?.employeeId ?? '',
    audit: accounts.audit,
    clock,
    log,
    processId,
  };
  const creation = createIssueCreation({
    ...shared,
    intents: createIntentJournal({ intents: createCreationIntentRepository({ db, clock }), journal }),
    drafts,
    deskFor: desks.deskFor,
    toWiki: markdownToWiki,
    rememberedFields,
    ids,
    horizonMs: () => config.current().config.limits.creationHorizonMs,
    isGone: isProcessGone,
    wait: (ms, signal) => setTimeout(ms, undefined, { signal }).catch(() => undefined),
  });
  const undo = createLaunchUndo({
    ...shared,
    undos: createUndoRepository({ db, clock }),
    journal,
    deskFor: desks.undoDeskFor,
  });
  return {
    creation,
    undo,
    async recover() {
      await creation.recover();
      await undo.recover();
    },
    async goOn() {
      await undo.workOff();
      await creation.reconcileDue();
    },
    async close() {
      await creation.close();
      await undo.close();
    },
  };
}
