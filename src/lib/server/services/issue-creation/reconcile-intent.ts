import type { Logger } from 'pino';
import type { Problem } from '../../../contracts/problem.ts';
import { AppError } from '../../errors/app-error.ts';
import type { CreationIntent } from '../../repositories/creation-intent-repository.ts';
import { findIssue, type Finding } from './find-issue.ts';
import type { IntentJournal } from './intent-journal.ts';
import type { IssueDesk } from './issue-desk.ts';

export interface ReconcileDeps {
  intents: Pick<IntentJournal, 'lease' | 'settle'>;
  openDesk: () => Promise<IssueDesk>;
  clock: { now(): number };
  processId: string;
  /** After it, a person decides; the looking ends. */
  horizonMs: number;
  /** Whose token the desk has: an answer for somebody else proves nothing. */
  employeeId: string;
  log: Logger;
}

/** Pauses between two looks at an unknown outcome, in ms: the index may lag for minutes in a cluster. */
const checkPausesMs = [0, 2_000, 5_000, 15_000, 30_000, 60_000, 120_000];
/** Beyond the horizon, while Jira cannot be asked. */
const patientPauseMs = 600_000;
const longestLookingMs = 24 * 3_600_000;
const checkLeaseMs = 60_000;

/**
 * Looks for the issue of an intent whose outcome is unknown, and never sends. Found: the intent is created. Not found:
 * looked for again later, until the horizon; then the person is asked. Where Jira could not be asked, the person is
 * told so at the horizon, and it is looked for on, for a day at most.
 */
export async function reconcileIntent(
  deps: ReconcileDeps,
  intent: CreationIntent,
): Promise<'found' | 'later' | 'ask' | 'busy'> {
  const { intents, clock, processId, horizonMs } = deps;
  if (!(await intents.lease(intent.id, processId, clock.now() + checkLeaseMs))) return 'busy';

  const finding = await look(deps, intent);
  if (finding.kind === 'found') {
    const issue = { key: finding.issue.key, url: finding.issue.url };
    await intents.settle(intent.id, ['unknown'], { status: 'created', issue });
    return 'found';
  }
  const age = clock.now() - (intent.sentAt ?? clock.now());
  const isOver = age >= horizonMs;
  await intents.settle(intent.id, ['unknown'], {
    status: 'unknown',
    problem: isOver ? undecided(finding) : stillLooking,
    nextCheckAt: nextCheckAt(finding, { age, isOver, now: clock.now(), checks: intent.checks }),
    countCheck: true,
  });
  return isOver ? 'ask' : 'later';
}

async function look({ openDesk, employeeId, log }: ReconcileDeps, intent: CreationIntent): Promise<Finding> {
  try {
    return await findIssue(await openDesk(), intent, employeeId);
  } catch (error) {
    log.warn({ err: error, intent_id: intent.id }, 'An unknown creation could not be looked for');
    return { kind: 'blind', why: error instanceof AppError ? error.message : 'Something failed here.' };
  }
}

function nextCheckAt(
  { kind }: Finding,
  { age, isOver, now, checks }: { age: number; isOver: boolean; now: number; checks: number },
): number | null {
  if (!isOver) return now + (checkPausesMs[Math.min(checks + 1, checkPausesMs.length - 1)] ?? 0);
  return kind === 'blind' && age < longestLookingMs ? now + patientPauseMs : null;
}

const stillLooking: Problem = {
  code: 'creation_unknown',
  message: 'Jira did not answer whether it created this issue. It is being looked for.',
  hint: 'Nothing is sent a second time by itself.',
  retryable: false,
};

function undecided(finding: Finding): Problem {
  const hint = 'Check again, enter the key if you found it in Jira, or create it anyway.';
  const sentence =
    finding.kind === 'blind'
      ? `Jira never answered whether it created this issue, and could not be asked since. ${finding.why}`
      : 'Jira never answered whether it created this issue, and it was not found.';
  return { code: 'creation_undecided', message: sentence, hint, retryable: false };
}
