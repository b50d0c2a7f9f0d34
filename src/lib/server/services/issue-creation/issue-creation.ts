import type { Logger } from 'pino';
import type { CreationSummary } from '../../../agent/ports.ts';
import type { Problem } from '../../../contracts/problem.ts';
import { NotFoundError } from '../../errors/app-error.ts';
import type { ApprovalRepository } from '../../repositories/approval-repository.ts';
import type { CreationIntent } from '../../repositories/creation-intent-repository.ts';
import { isStopped } from '../run-aborted.ts';
import type { Actor, AuditEntry, AuditService } from '../services.ts';
import type { CreationDrafts } from './creation-drafts.ts';
import type { IntentJournal } from './intent-journal.ts';
import type { IssueDesk } from './issue-desk.ts';
import { linkSplitStories } from './link-split-stories.ts';
import { preparePostings } from './prepare-postings.ts';
import { reconcileIntent } from './reconcile-intent.ts';
import { recordIntents } from './record-intents.ts';
import { decideCreation, type ResolveChoice } from './decide-creation.ts';
import type { CreatePlace, RememberedFields } from './remembered-fields.ts';
import { sendIntent } from './send-intent.ts';

export interface IssueCreationDeps {
  intents: IntentJournal;
  drafts: CreationDrafts;
  approvals: ApprovalRepository;
  /** Jira with this person's token. */
  deskFor: (person: Person) => Promise<IssueDesk>;
  employeeIdOf: (userId: string) => Promise<string>;
  toWiki: (markdown: string) => string;
  rememberedFields: Pick<RememberedFields, 'of'>;
  audit: Pick<AuditService, 'record'>;
  clock: { now(): number };
  ids: { next(): string };
  log: Logger;
  processId: string;
  /** Whether a process certainly ended. */
  isGone: (processId: string) => boolean;
  /** Read at each use: configuration changes at run time. */
  horizonMs: () => number;
  /** Ends early, without an error, when the signal aborts. */
  wait: (ms: number, signal: AbortSignal) => Promise<void>;
}

type Person = { userId: string; requestId: string };

export type IssueCreation = ReturnType<typeof createIssueCreation>;

/**
 * From approved drafts to issues: at most one automatic create a story, exactly one whenever an answer arrives or the
 * issue is found again; otherwise a person decides.
 */
export function createIssueCreation(deps: IssueCreationDeps) {
  const { intents, drafts, clock, log } = deps;
  const underWay = new Set<Promise<void>>();

  /** Fills posting and similar issues of the named drafts. */
  async function prepare(
    person: Person,
    input: { conversationId: string; draftIds: readonly string[]; signal?: AbortSignal },
  ): Promise<void> {
    const desk = await deps.deskFor(person);
    const remembered = (place: CreatePlace) => deps.rememberedFields.of(person, place);
    await preparePostings({ desk, drafts, toWiki: deps.toWiki, remembered }, input);
  }

  /**
   * Creates what an approval names, in order. Safe to repeat: what is created stays, what was sent is looked for and
   * not sent again. An abort stops before the next story, never within one; what a person's stop leaves has failed,
   * what the end of this process leaves can be taken up.
   */
  async function create(
    person: Person,
    { approvalId, signal }: { approvalId: string; signal: AbortSignal },
  ): Promise<CreationSummary> {
    const approval = await deps.approvals.byId(approvalId);
    if (!approval || approval.userId !== person.userId)
      throw new NotFoundError('approval_unknown', 'This approval does not exist.');
    const desk = await deps.deskFor(person);

    for (const intent of await recordIntents(deps, approval)) {
      await audited(person, intent, async () => {
        if (intent.status === 'recorded') await sendIntent({ ...deps, desk }, intent, signal);
        const { status } = (await intents.byId(intent.id)) ?? intent;
        if (status === 'recorded' && isStopped(signal))
          await intents.settle(intent.id, ['recorded'], { status: 'failed', problem: stoppedBeforeSending });
        if (status === 'unknown' && !signal.aborted) await look(person, intent.id);
      });
    }
    if (!signal.aborted) {
      const draftIds = approval.drafts.map(({ draftId }) => draftId);
      await linkSplitStories({ ...deps, desk }, { ...approval, draftIds });
    }
    return summarise(await intents.byApproval(approval.id));
  }

  /**
   * What a person decides about a creation that failed or whose outcome is unknown. A call to Jira goes on after it
   * resolved; the card shows what becomes of it.
   */
  async function resolve(actor: Actor, choice: ResolveChoice): Promise<void> {
    const intent = await intents.byId(choice.intentId);
    if (!intent || intent.userId !== actor.userId || intent.conversationId !== choice.conversationId) {
      throw new NotFoundError('creation_unknown_intent', 'This creation does not exist.');
    }
    const desk = await deps.deskFor(actor);
    const lookFor = () => look(actor, intent.id);
    const finish = await decideCreation({ ...deps, desk, look: lookFor }, intent, choice);
    const work = audited(actor, intent, finish, choice.choice)
      .then(() => linkAround(intent, desk))
      .catch((error: unknown) => log.error({ err: error, intent_id: intent.id }, 'A decision broke off'))
      .finally(() => underWay.delete(work));
    underWay.add(work);
    // Whatever needs no create call is done when the person is answered.
    if (choice.choice === 'check_again' || choice.choice === 'enter_key') await work;
  }

  /** Looks after unknown outcomes whose next check is due, whoever left them. Called by the scheduler. */
  async function reconcileDue(): Promise<number> {
    await giveUp(await intents.abandoned());
    const due = await intents.dueForCheck(20);
    for (const intent of due) {
      const person = { userId: intent.userId, requestId: `reconcile-${intent.id}` };
      const outcome = await audited(person, intent, () => look(person, intent.id));
      if (outcome === 'found') await linkLater(person, intent);
    }
    return due.length;
  }

  /** At start: what a process was sending that is gone now is of unknown outcome at once, lease or not. */
  async function recover(): Promise<void> {
    const sent = await intents.sentByOthers(deps.processId);
    await giveUp(sent.filter(({ leaseOwner }) => leaseOwner === null || deps.isGone(leaseOwner)));
  }

  async function giveUp(lost: readonly CreationIntent[]): Promise<void> {
    for (const { id } of lost) {
      await intents.settle(id, ['sent'], {
        status: 'unknown',
        problem: lostWithTheProcess,
        nextCheckAt: clock.now(),
      });
    }
  }

  /** Reads the intent anew: it was sent or settled since the caller saw it. */
  async function look(person: Person, intentId: string) {
    const intent = await intents.byId(intentId);
    if (intent?.status !== 'unknown') return 'busy';
    const employeeId = await deps.employeeIdOf(intent.userId);
    const openDesk = () => deps.deskFor(person);
    return reconcileIntent({ ...deps, openDesk, horizonMs: deps.horizonMs(), employeeId }, intent);
  }

  async function linkAround({ conversationId, draftId }: CreationIntent, desk: IssueDesk): Promise<void> {
    await linkSplitStories({ ...deps, desk }, { conversationId, draftIds: [draftId] });
  }

  async function linkLater(person: Person, intent: CreationIntent): Promise<void> {
    try {
      await linkAround(intent, await deps.deskFor(person));
    } catch (error) {
      // The issue is there, which is what counts; the others that are due must still be looked for.
      log.warn({ err: error, intent_id: intent.id }, 'A story that was found again was not linked');
    }
  }

  /** Notes what became of an intent, once for each time that it changed. */
  async function audited<T>(
    person: Person,
    before: CreationIntent,
    work: () => Promise<T>,
    choice?: ResolveChoice['choice'],
  ): Promise<T> {
    const result = await work();
    const after = (await intents.byId(before.id)) ?? before;
    const isSettled = ['created', 'failed', 'unknown'].includes(after.status);
    const hasChanged = after.status !== before.status || after.attempts !== before.attempts;
    if ((isSettled && hasChanged) || choice !== undefined) {
      const employeeId = await deps.employeeIdOf(person.userId);
      deps.audit.record({ ...person, employeeId }, auditEntry(after, choice));
    }
    return result;
  }

  return {
    prepare,
    create,
    resolve,
    reconcileDue,
    recover,
    /** Resolves once no call is under way that a person decided on. */
    async close(): Promise<void> {
      await Promise.all(underWay);
    },
  };
}

function auditEntry(
  { status, draftId, payload, markerLabel, issue }: CreationIntent,
  choice: string | undefined,
): AuditEntry {
  const outcome = status === 'created' ? 'ok' : status === 'failed' ? 'failed' : 'unknown';
  const detail = {
    draft: draftId,
    project: payload.projectKey,
    marker: markerLabel,
    issue: issue?.key ?? null,
    ...(choice ? { choice } : {}),
  };
  return { action: 'issue.create', outcome, detail };
}

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
