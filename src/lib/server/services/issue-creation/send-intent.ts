import type { Logger } from 'pino';
import type { CreateOutcome } from '../../adapters/mcp/create-outcome.ts';
import type { CreationIntent } from '../../repositories/creation-intent-repository.ts';
import type { IntentJournal } from './intent-journal.ts';
import type { IssueDesk } from './issue-desk.ts';
import { argumentsOf } from './posting.ts';

export interface SendDeps {
  intents: Pick<IntentJournal, 'markSent' | 'settle'>;
  desk: Pick<IssueDesk, 'createIssue'>;
  clock: { now(): number };
  /** Names this process in leases. */
  processId: string;
  /** Ends early, without an error, when the signal aborts. */
  wait: (ms: number, signal: AbortSignal) => Promise<void>;
  log: Logger;
}

/** Longer than the longest create call: within it nobody else takes the intent for abandoned. */
const sendLeaseMs = 180_000;
const longestPauseMs = 60_000;
const attemptsWhenRateLimited = 3;

/**
 * Sends one recorded intent, and again after a pause that Jira asked for: then nothing was created for certain. A call
 * under way is never cut; an abort ends the pause and leaves the intent recorded.
 */
export async function sendIntent(deps: SendDeps, intent: CreationIntent, signal: AbortSignal): Promise<void> {
  for (let attempt = 1; !signal.aborted && (await claimIntent(deps, intent, 'recorded')); attempt += 1) {
    const outcome = await callJira(deps, intent);
    const pauseMs = outcome.kind === 'failed' ? outcome.retryAfterMs : undefined;
    if (pauseMs === undefined || pauseMs > longestPauseMs || attempt >= attemptsWhenRateLimited) {
      return settleOutcome(deps, intent, outcome);
    }
    const problem = outcome.kind === 'failed' ? outcome.problem : null;
    await deps.intents.settle(intent.id, ['sent'], { status: 'recorded', problem });
    await deps.wait(pauseMs, signal);
  }
}

/**
 * Takes the right to send once; `sent` is committed before the call leaves. False when somebody else was first, or the
 * story was changed since it was approved.
 */
export function claimIntent(
  { intents, processId, clock }: Pick<SendDeps, 'intents' | 'processId' | 'clock'>,
  { id }: CreationIntent,
  from: 'recorded' | 'failed' | 'unknown',
): Promise<boolean> {
  return intents.markSent(id, [from], { owner: processId, until: clock.now() + sendLeaseMs });
}

/** The one call of a claimed intent. What comes back is committed before anybody is told. */
export async function sendClaimed(deps: SendDeps, intent: CreationIntent): Promise<void> {
  await settleOutcome(deps, intent, await callJira(deps, intent));
}

async function callJira({ desk, log }: SendDeps, intent: CreationIntent): Promise<CreateOutcome> {
  try {
    return await desk.createIssue(argumentsOf(intent.payload));
  } catch (error) {
    // A desk names every outcome; a defect of ours must not leave a call without one.
    log.error({ err: error, intent_id: intent.id, outcome: 'unknown' }, 'A create call broke off');
    return { kind: 'unknown', problem: brokenOff };
  }
}

async function settleOutcome(
  { intents, clock }: SendDeps,
  { id }: CreationIntent,
  outcome: CreateOutcome,
): Promise<void> {
  switch (outcome.kind) {
    case 'ok': {
      const { key, url } = outcome;
      // Also where it was given up meanwhile: this is the answer.
      await intents.settle(id, ['sent', 'unknown'], { status: 'created', issue: { key, url } });
      return;
    }
    case 'failed':
      await intents.settle(id, ['sent'], { status: 'failed', problem: outcome.problem });
      return;
    case 'unknown':
      await intents.settle(id, ['sent'], {
        status: 'unknown',
        problem: outcome.problem,
        nextCheckAt: clock.now(),
      });
  }
}

const brokenOff = {
  code: 'creation_unknown',
  message: 'The call to Jira broke off. The issue may have been created.',
  hint: 'It is being looked for. Nothing is sent a second time by itself.',
  retryable: false,
};
