import type { Logger } from 'pino';
import type { CreationSummary } from '../../../agent/ports.ts';
import type { Problem } from '../../../contracts/problem.ts';
import { ConflictError, InvalidError, NotFoundError } from '../../errors/app-error.ts';
import type {
  CreationIntent,
  CreationIntentRepository,
} from '../../repositories/creation-intent-repository.ts';
import type { Actor, AuditService, ConversationCommands } from '../services.ts';
import type { Approval, ApprovalRepository } from '../../repositories/approval-repository.ts';
import type { CreationDrafts } from './creation-drafts.ts';
import type { IssueDesk } from './issue-desk.ts';
import { preparePostings } from './prepare-postings.ts';
import { reconcileIntent } from './reconcile-intent.ts';
import { sendIntent, showOutcome } from './send-intent.ts';

export interface IssueCreationDeps {
  intents: CreationIntentRepository;
  drafts: CreationDrafts;
  approvals: ApprovalRepository;
  /** Jira with this person's token. */
  deskFor: (person: { userId: string; requestId: string }) => Promise<IssueDesk>;
  employeeIdOf: (userId: string) => Promise<string>;
  toWiki: (markdown: string) => string;
  audit: AuditService;
  clock: { now(): number };
  ids: { next(): string };
  log: Logger;
  processId: string;
  /** Read at each use: configuration changes at run time. */
  horizonMs: () => number;
  wait: (ms: number) => Promise<void>;
}

export type IssueCreation = ReturnType<typeof createIssueCreation>;

/**
 * From approved drafts to issues: at most one automatic create a story, exactly one whenever an answer arrives or the
 * issue is found again; otherwise a person decides.
 */
export function createIssueCreation(deps: IssueCreationDeps) {
  const { intents, drafts, clock } = deps;

  /** Fills posting and similar issues of the named drafts. */
  async function prepare(
    person: Person,
    input: { conversationId: string; draftIds: readonly string[]; signal?: AbortSignal },
  ): Promise<void> {
    const desk = await deps.deskFor(person);
    await preparePostings({ desk, drafts, toWiki: deps.toWiki }, input);
  }

  /**
   * Creates what an approval names, in order. Safe to repeat: what is created stays, what was sent is looked for and
   * not sent again. An abort stops before the next story, never within one.
   */
  async function create(
    person: Person,
    input: { approvalId: string; signal: AbortSignal },
  ): Promise<CreationSummary> {
    const approval = await deps.approvals.byId(input.approvalId);
    if (!approval || approval.userId !== person.userId)
      throw new NotFoundError('approval_unknown', 'This approval does not exist.');
    await recordIntents(approval);
    const desk = await deps.deskFor(person);

    for (const intent of await intents.byApproval(approval.id)) {
      if (intent.status === 'recorded') {
        if (input.signal.aborted) await fail(intent, stoppedBeforeSending);
        else await sendIntent({ ...deps, desk }, intent);
      }
      const current = (await intents.byId(intent.id)) ?? intent;
      if (current.status === 'unknown') await look(person, desk, current);
      auditOutcome(person, (await intents.byId(intent.id)) ?? current);
    }
    await linkSplitStories(approval, desk);
    return summarise(await intents.byApproval(approval.id));
  }

  /** What a person decides about a creation that failed or whose outcome is unknown. */
  async function resolve(actor: Actor, choice: ResolveChoice): Promise<void> {
    const intent = await intents.byId(choice.intentId);
    if (!intent || intent.userId !== actor.userId || intent.conversationId !== choice.conversationId) {
      throw new NotFoundError('creation_unknown_intent', 'This creation does not exist.');
    }
    const desk = await deps.deskFor(actor);
    if (choice.choice === 'check_again') await look(actor, desk, intent);
    else if (choice.choice === 'enter_key') await adopt(desk, intent, choice.issueKey);
    else await sendAgain(desk, intent, choice.choice === 'retry' ? 'failed' : 'unknown');
    auditOutcome(actor, (await intents.byId(intent.id)) ?? intent, choice.choice);
  }

  /** Looks after unknown outcomes whose next check is due, whoever left them. Called by the scheduler. */
  async function reconcileDue(): Promise<number> {
    await giveUp(await intents.abandoned());
    const due = await intents.dueForCheck(20);
    for (const intent of due) {
      const person = { userId: intent.userId, requestId: `reconcile-${intent.id}` };
      try {
        await look(person, await deps.deskFor(person), intent);
      } catch (error) {
        deps.log.warn({ err: error, intent_id: intent.id }, 'An unknown creation could not be looked for');
        await intents.settle(intent.id, ['unknown'], {
          status: 'unknown',
          problem: intent.problem,
          nextCheckAt: clock.now() + 60_000,
        });
      }
    }
    return due.length;
  }

  /** At start: what another process was sending when it died is of unknown outcome at once, lease or not. */
  async function recover(): Promise<void> {
    await giveUp(await intents.sentByOthers(deps.processId));
  }

  async function giveUp(lost: readonly CreationIntent[]): Promise<void> {
    for (const intent of lost) {
      await intents.settle(intent.id, ['sent'], {
        status: 'unknown',
        problem: lostWithTheProcess,
        nextCheckAt: clock.now(),
      });
      await showOutcome(drafts, intent, { status: 'unknown', problem: lostWithTheProcess });
    }
  }

  async function recordIntents(approval: Approval): Promise<void> {
    const found = await drafts.forCreation(
      approval.conversationId,
      approval.drafts.map(({ draftId }) => draftId),
    );
    const fresh = approval.drafts.flatMap(({ draftId, version, hash }) => {
      const posting = found.find(({ draft }) => draft.id === draftId)?.draft.posting;
      // The approval was checked against this hash when it was given; anything else is not what was shown.
      if (!posting || posting.hash !== hash) return [];
      return [{ draftId, draftVersion: version, payload: posting }];
    });
    if (fresh.length < approval.drafts.length && (await intents.byApproval(approval.id)).length === 0) {
      throw new ConflictError(
        'approval_stale',
        'A draft changed after it was approved. Nothing was created.',
        { hint: 'Look at the drafts and approve again.' },
      );
    }
    const { id: approvalId, conversationId, userId } = approval;
    await intents.record(
      fresh.map((intent) => ({ ...intent, id: deps.ids.next(), approvalId, conversationId, userId })),
    );
  }

  async function look(person: Person, desk: IssueDesk, intent: CreationIntent) {
    const employeeId = await deps.employeeIdOf(person.userId);
    return reconcileIntent({ ...deps, desk, horizonMs: deps.horizonMs(), employeeId }, intent);
  }

  async function adopt(desk: IssueDesk, intent: CreationIntent, issueKey: string): Promise<void> {
    const issue = await desk.getIssue(issueKey);
    if (!issue || !issueKey.startsWith(`${intent.payload.projectKey}-`)) {
      throw new InvalidError(
        'issue_key_unknown',
        `${issueKey} is no issue of ${intent.payload.projectKey} that you can see.`,
        {
          hint: 'Look the key up in Jira and enter it as it stands there.',
        },
      );
    }
    const found = { key: issue.key, url: issue.url };
    const settled = await intents.settle(intent.id, ['unknown', 'failed'], {
      status: 'created',
      issue: found,
    });
    if (!settled) throw alreadySettled();
    await showOutcome(drafts, intent, { status: 'created', issue: found, problem: null });
  }

  /** A person's own decision to send once more: a failure is certain, an unknown outcome they take upon themselves. */
  async function sendAgain(
    desk: IssueDesk,
    intent: CreationIntent,
    from: 'failed' | 'unknown',
  ): Promise<void> {
    const isOurs = await intents.settle(intent.id, [from], { status: 'recorded' });
    if (!isOurs) throw alreadySettled();
    await sendIntent({ ...deps, desk }, intent);
    const current = (await intents.byId(intent.id)) ?? intent;
    if (current.status === 'unknown') await look({ userId: intent.userId, requestId: '' }, desk, current);
  }

  async function fail(intent: CreationIntent, problem: Problem): Promise<void> {
    await intents.settle(intent.id, ['recorded'], { status: 'failed', problem });
    await showOutcome(drafts, intent, { status: 'failed', problem });
  }

  /** Stories of one parent are worked on in order: each blocks the next. A link that fails does not undo an issue. */
  async function linkSplitStories(approval: Approval, desk: IssueDesk): Promise<void> {
    const found = await drafts.forCreation(
      approval.conversationId,
      approval.drafts.map(({ draftId }) => draftId),
    );
    const children = found
      .map(({ draft }) => draft)
      .filter(({ parentId, issue }) => parentId !== null && issue !== null);
    children.sort((a, b) => a.position - b.position);
    for (const [index, child] of children.entries()) {
      const next = children.slice(index + 1).find(({ parentId }) => parentId === child.parentId);
      if (!next?.issue || !child.issue) continue;
      try {
        const known = await desk.getIssue(child.issue.key);
        if (!known?.linkedKeys.includes(next.issue.key))
          await desk.linkInOrder(child.issue.key, next.issue.key);
      } catch (error) {
        deps.log.warn(
          { err: error, from: child.issue.key, to: next.issue.key },
          'Two split stories were not linked',
        );
        await drafts.saveOutcome(child.id, {
          status: child.status,
          intentId: child.intentId,
          issue: child.issue,
          problem: notLinked(next.issue.key),
        });
      }
    }
  }

  function auditOutcome(person: Person, intent: CreationIntent, choice?: string): void {
    const outcome = intent.status === 'created' ? 'ok' : intent.status === 'failed' ? 'failed' : 'unknown';
    const detail = {
      draft: intent.draftId,
      project: intent.payload.projectKey,
      marker: intent.markerLabel,
      issue: intent.issue?.key ?? null,
      ...(choice ? { choice } : {}),
    };
    deps.audit.record(
      { userId: person.userId, employeeId: null, requestId: person.requestId },
      { action: 'issue.create', outcome, detail },
    );
  }

  return { prepare, create, resolve, reconcileDue, recover };
}

type Person = { userId: string; requestId: string };
type ResolveChoice = Parameters<ConversationCommands['creation:resolve']>[1];

function summarise(all: readonly CreationIntent[]): CreationSummary {
  return {
    created: all.flatMap(({ draftId, issue }) =>
      issue ? [{ draftId, key: issue.key, url: issue.url }] : [],
    ),
    failed: all.filter(({ status }) => status === 'failed').map(({ draftId }) => draftId),
    unknown: all
      .filter(({ status }) => status === 'unknown' || status === 'sent')
      .map(({ draftId }) => draftId),
  };
}

function alreadySettled(): ConflictError {
  return new ConflictError('creation_settled', 'This creation was settled meanwhile. Nothing was sent.');
}

const stoppedBeforeSending: Problem = {
  code: 'creation_stopped',
  message: 'You stopped before this story was sent. Nothing of it is in Jira.',
  hint: 'Retry sends it as approved.',
  retryable: true,
};

const lostWithTheProcess: Problem = {
  code: 'creation_unknown',
  message: 'Backlogue stopped while Jira was creating this issue. It is being looked for.',
  hint: 'Nothing is sent a second time by itself.',
  retryable: false,
};

function notLinked(key: string): Problem {
  return {
    code: 'issue_not_linked',
    message: `The issue was created, but could not be linked to ${key}.`,
    hint: 'Link the two in Jira.',
    retryable: false,
  };
}
