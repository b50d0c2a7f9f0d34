import { BusyError, ConflictError, NotFoundError } from '../errors/app-error.ts';
import type { MessageRepository } from '../repositories/message-repository.ts';
import type { StoredRun } from '../repositories/run-rows.ts';
import type {
  AgainOutcome,
  AnswersOutcome,
  ApprovalOutcome,
  MessageOutcome,
  RunStartRepository,
} from '../repositories/run-start-repository.ts';
import type { RunEvent } from '../../contracts/run-event.ts';
import type { Clock } from '../../agent/ports.ts';
import type { Journal } from './journal.ts';
import type { RunService } from './run-service.ts';
import type { Actor, AuditService, ConversationCommands } from './services.ts';

export interface RunCommandsDeps {
  starts: RunStartRepository;
  runs: RunService;
  messages: Pick<MessageRepository, 'withdraw'>;
  journal: Pick<Journal, 'commit'>;
  /** Rejects with a NotFoundError what is not the actor's. */
  requireConversation(actor: Actor, conversationId: string): Promise<unknown>;
  /** Rejects with a ForbiddenError while the connections that the feature needs are not tested. */
  requireOpenFeature(actor: Actor): Promise<void>;
  /** Starts computing anew what would be posted of drafts that are not prepared. Never rejects. */
  prepareDrafts(actor: Actor, conversationId: string, draftIds: string[]): void;
  audit: Pick<AuditService, 'record'>;
  clock: Clock;
}

type RunCommands = Pick<
  ConversationCommands,
  'message:send' | 'message:withdraw' | 'clarify:answer' | 'review:approve' | 'run:stop' | 'run:continue'
>;

/** The commands that start, resume, stop and take up runs. */
export function createRunCommands(deps: RunCommandsDeps): RunCommands {
  const { starts, runs, messages, journal, requireConversation, requireOpenFeature, audit, clock } = deps;

  return {
    async 'message:send'(actor, { conversationId, messageId, text, draftIds }) {
      await requireOpenFeature(actor);
      const outcome = await journal.commit(
        () => starts.byMessage(runs.opening(actor, conversationId), { messageId, text, draftIds }),
        newEvents,
        driveAtOnce(actor),
      );
      switch (outcome.outcome) {
        case 'missing':
          throw conversationMissing();
        case 'id_taken':
          throw new ConflictError('message_id_taken', 'This message could not be taken. Send it again.');
        case 'queue_full':
          throw new BusyError('queue_full', 'Ten messages are waiting already. This one was not taken.', {
            hint: 'Withdraw one, or wait until the agent has read them.',
          });
        case 'repeated':
          return { runId: outcome.runId, queued: outcome.queued };
        case 'started':
          return { runId: outcome.run.runId, queued: false };
        case 'queued': {
          // Where no run is at work, earlier messages wait since one failed: the oldest goes first.
          await runs.driveQueued(actor, conversationId);
          return { runId: null, queued: true };
        }
      }
    },

    async 'message:withdraw'(actor, { conversationId, messageId }) {
      await requireConversation(actor, conversationId);
      const events = await journal.commit(
        () => messages.withdraw(conversationId, messageId, clock.now()),
        (result) => result ?? [],
      );
      if (events === null) {
        throw new ConflictError(
          'message_not_queued',
          'The agent has begun with this message, so it cannot be withdrawn.',
          {
            hint: 'Stop the agent, or tell it what you meant.',
          },
        );
      }
      return {};
    },

    async 'clarify:answer'(actor, { conversationId, interruptId, answers }) {
      await requireOpenFeature(actor);
      const outcome = await journal.commit(
        () => starts.byAnswers(runs.opening(actor, conversationId), { interruptId, answers }),
        newEvents,
        driveAtOnce(actor),
      );
      if (outcome.outcome === 'overtaken') {
        throw new ConflictError(
          'question_closed',
          'These questions were answered already, perhaps in another tab.',
          {
            hint: 'Your text was not used. You can send it as a message.',
          },
        );
      }
      return { runId: startedRun(outcome).runId };
    },

    async 'review:approve'(actor, { conversationId, interruptId, approvalId, drafts }) {
      await requireOpenFeature(actor);
      const outcome = await journal.commit(
        () => starts.byApproval(runs.opening(actor, conversationId), { approvalId, interruptId, drafts }),
        newEvents,
      );
      if (outcome.outcome === 'repeated') return { runId: outcome.runId };
      const accepted = outcome.outcome === 'started';
      audit.record(actor, {
        action: 'stories_approved',
        outcome: accepted ? 'ok' : 'refused',
        detail: {
          conversationId,
          approvalId,
          stories: drafts.length,
          ...(accepted ? {} : { reason: outcome.outcome }),
        },
      });
      if (outcome.outcome === 'draft_unprepared')
        deps.prepareDrafts(actor, conversationId, [outcome.draftId]);
      const run = startedRun(approvalAsShown(outcome));
      // Not before the disk has the approval: what it creates outlives a power cut.
      runs.drive(actor, run);
      return { runId: run.runId };
    },

    async 'run:stop'(actor, { conversationId }) {
      await requireConversation(actor, conversationId);
      return { stopped: runs.stop(conversationId) };
    },

    async 'run:continue'(actor, { conversationId }) {
      await requireOpenFeature(actor);
      const outcome = await journal.commit(
        () => starts.again(runs.opening(actor, conversationId)),
        newEvents,
      );
      if (outcome.outcome === 'nothing') {
        throw new ConflictError(
          'nothing_to_continue',
          'There is nothing to continue here: the last run came to its end.',
        );
      }
      const run = startedRun(outcome);
      runs.drive(actor, run);
      return { runId: run.runId };
    },
  };

  /** Begins before the disk has what the person said: reading and asking the model is harmless should it be lost. */
  function driveAtOnce(actor: Actor): (outcome: MessageOutcome | AnswersOutcome) => void {
    return (outcome) => {
      if (outcome.outcome === 'started') runs.drive(actor, outcome.run);
    };
  }
}

function startedRun(
  outcome: { outcome: 'started'; run: StoredRun } | { outcome: 'missing' | 'busy' | 'overtaken' | 'nothing' },
): StoredRun {
  if (outcome.outcome === 'missing') throw conversationMissing();
  if (outcome.outcome === 'started') return outcome.run;
  throw new ConflictError('run_at_work', 'The agent is at work on this conversation.', {
    hint: 'Wait until it is done, or stop it first.',
  });
}

/** Narrows to what can still start, or throws why the approval does not hold. Nothing was changed then. */
function approvalAsShown(
  outcome: ApprovalOutcome,
): Extract<ApprovalOutcome, { outcome: 'started' | 'missing' | 'busy' }> {
  switch (outcome.outcome) {
    case 'started':
    case 'missing':
    case 'busy':
      return outcome;
    case 'overtaken':
    case 'repeated':
      throw new ConflictError(
        'review_closed',
        'This review is over: it was approved or changed, perhaps in another tab.',
        {
          hint: 'Nothing was created by this click. Look at the stories as they are now.',
        },
      );
    case 'draft_missing':
      throw new ConflictError('draft_missing', 'One of the stories is no longer there. Nothing was created.');
    case 'draft_settled':
      throw new ConflictError(
        'draft_settled',
        `“${outcome.summary}” was approved before. Nothing was created twice.`,
      );
    case 'draft_changed':
      throw new ConflictError(
        'draft_changed',
        `“${outcome.summary}” was changed since you saw it. Nothing was created.`,
        {
          hint: 'Look at its newest version, then approve that.',
        },
      );
    case 'draft_unprepared':
      throw new ConflictError(
        'draft_unprepared',
        `What would be posted for “${outcome.summary}” is not known yet. Nothing was created.`,
        {
          hint: 'It is being prepared. Approve again when its preview is there.',
          retryable: true,
        },
      );
    case 'draft_incomplete':
      throw new ConflictError(
        'draft_incomplete',
        `Jira requires more fields for “${outcome.summary}”. Nothing was created.`,
        {
          hint: 'Fill in the fields that its card asks for.',
        },
      );
  }
}

export function conversationMissing(): NotFoundError {
  return new NotFoundError('conversation_missing', 'There is no such conversation.', {
    hint: 'It may have been deleted. Your other conversations are in the list.',
  });
}

function newEvents(
  outcome: AnswersOutcome | ApprovalOutcome | AgainOutcome | { outcome: string; events?: RunEvent[] },
): RunEvent[] {
  return 'events' in outcome ? (outcome.events ?? []) : [];
}
