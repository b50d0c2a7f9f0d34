import type { Logger } from 'pino';
import { AppError, ConflictError, NotFoundError, UpstreamError } from '../../errors/app-error.ts';
import type { ApprovalRepository } from '../../repositories/approval-repository.ts';
import type { CreationUndo, UndoRepository } from '../../repositories/undo-repository.ts';
import type { UndoDesk } from '../desks/undo-desk.ts';
import type { Journal } from '../journal.ts';
import type { Actor, AuditService } from '../services.ts';
import { undoIssue } from './undo-issue.ts';

export interface UndoLaunchDeps {
  undos: UndoRepository;
  approvals: ApprovalRepository;
  journal: Pick<Journal, 'commit'>;
  deskFor: (person: { userId: string; requestId: string }) => Promise<UndoDesk>;
  employeeIdOf: (userId: string) => Promise<string>;
  audit: AuditService;
  clock: { now(): number };
  log: Logger;
  processId: string;
}

export type LaunchUndo = ReturnType<typeof createLaunchUndo>;

/** Longer than the calls of one issue may take. */
const leaseMs = 120_000;
const pausesMs = [2_000, 10_000, 60_000, 300_000];

/**
 * Takes back what one approval created, issue by issue, as far as nobody touched it since. What is to be done is
 * stored first; a crash or a Jira that is down only delays it.
 */
export function createLaunchUndo(deps: UndoLaunchDeps) {
  const { undos, approvals, journal, audit, clock, log, processId } = deps;
  let working: Promise<void> | null = null;
  let comesMore = false;
  let isClosed = false;

  /** Stores what is to be taken back, and starts. NotFoundError, or ConflictError when nothing is left to undo. */
  async function begin(
    actor: Actor,
    { conversationId, approvalId }: { conversationId: string; approvalId: string },
  ): Promise<{ issues: number }> {
    const approval = await approvals.byId(approvalId);
    if (approval?.userId !== actor.userId || approval.conversationId !== conversationId)
      throw new NotFoundError('approval_unknown', 'This approval does not exist.');
    const events = await journal.commit(
      () => undos.begin(approvalId, actor.requestId),
      (told) => told,
    );
    const [told] = events;
    if (told?.type !== 'launch_undo')
      throw new ConflictError('nothing_to_undo', 'No issue of this approval is left to take back.');
    const issues = told.body.issues.filter(({ state }) => state === 'waiting').length;
    audit.record(actor, { action: 'launch.undo', outcome: 'ok', detail: { approvalId, issues } });
    void workOff();
    return { issues };
  }

  /** Works off what is due, whoever left it. Called by the scheduler; one at a time in this process. */
  function workOff(): Promise<void> {
    comesMore = true;
    working ??= untilNothingIsDue()
      .catch((error: unknown) => log.error({ err: error }, 'An undo stopped early'))
      .finally(() => (working = null));
    return working;
  }

  async function untilNothingIsDue(): Promise<void> {
    while (comesMore && !isClosed) {
      comesMore = false;
      for (const undo of await undos.due(50)) {
        if (isClosed) return;
        await takeBack(undo);
      }
    }
  }

  async function takeBack(undo: CreationUndo): Promise<void> {
    if (!(await undos.lease(undo.intentId, processId, clock.now() + leaseMs))) return;
    const person = { userId: undo.userId, requestId: undo.requestId };
    try {
      const desk = await deps.deskFor(person);
      const employeeId = await deps.employeeIdOf(undo.userId);
      const outcome = await undoIssue(desk, { ...undo, employeeId }, () => undos.markClosing(undo.intentId));
      await settle(undo, outcome);
    } catch (error) {
      if (!(error instanceof AppError)) throw error;
      log.warn({ err: error, intent_id: undo.intentId }, 'An issue could not be taken back yet');
      await postpone(undo, error);
    }
  }

  async function postpone(undo: CreationUndo, error: AppError): Promise<void> {
    const pauseMs = pausesMs[undo.attempts];
    const mayHelp = error instanceof UpstreamError && error.kind !== 'credential';
    if (mayHelp && pauseMs !== undefined)
      return settle(undo, { state: 'waiting', reason: error.message, nextTryAt: clock.now() + pauseMs });
    return settle(undo, { state: 'failed', reason: [error.message, error.hint].filter(Boolean).join(' ') });
  }

  async function settle(undo: CreationUndo, outcome: Parameters<UndoRepository['settle']>[1]): Promise<void> {
    await journal.commit(
      () => undos.settle(undo, outcome),
      (events) => events,
    );
    if (outcome.state === 'waiting') return;
    audit.record(
      { userId: undo.userId, employeeId: null, requestId: undo.requestId },
      {
        action: 'issue.undo',
        outcome: outcome.state === 'failed' ? 'failed' : outcome.state === 'kept' ? 'refused' : 'ok',
        detail: { issue: undo.issueKey, approvalId: undo.approvalId, became: outcome.state },
      },
    );
  }

  return {
    begin,
    workOff,
    recover: () => undos.releaseOthers(processId),
    /** Ends after the issue at work; the rest waits for the next start. */
    async close(): Promise<void> {
      isClosed = true;
      await working;
    },
  };
}
