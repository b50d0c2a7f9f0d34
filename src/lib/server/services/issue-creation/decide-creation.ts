import { ConflictError, InvalidError } from '../../errors/app-error.ts';
import type { CreationIntent } from '../../repositories/creation-intent-repository.ts';
import type { ConversationCommands } from '../services.ts';
import type { IntentJournal } from './intent-journal.ts';
import type { IssueDesk } from './issue-desk.ts';
import { claimIntent, sendClaimed, type SendDeps } from './send-intent.ts';

export type ResolveChoice = Parameters<ConversationCommands['creation:resolve']>[1];

interface DecideDeps extends SendDeps {
  intents: IntentJournal;
  desk: IssueDesk;
  /** Looks for the issue now. */
  look: () => Promise<'found' | 'later' | 'ask' | 'busy'>;
}

/**
 * Takes a person's decision and returns the work that is left, which may take as long as Jira does. ConflictError
 * `creation_settled` where it was decided or answered meanwhile, or the story went on without this creation.
 */
export async function decideCreation(
  deps: DecideDeps,
  intent: CreationIntent,
  choice: ResolveChoice,
): Promise<() => Promise<void>> {
  switch (choice.choice) {
    case 'check_again':
      if (intent.status !== 'unknown') throw alreadySettled();
      return async () => void (await deps.look());
    case 'enter_key':
      await adopt(deps, intent, choice.issueKey);
      return nothingLeft;
    case 'retry':
      return sendOnce(deps, intent, 'failed');
    case 'create_anyway':
      if (intent.status !== 'unknown') throw alreadySettled();
      // The last look before a second issue could come of it.
      return (await deps.look()) === 'found' ? nothingLeft : sendOnce(deps, intent, 'unknown');
  }
}

/** Sent once and not repeated by itself: the person is there and sees what came of it. */
async function sendOnce(
  deps: DecideDeps,
  intent: CreationIntent,
  from: 'failed' | 'unknown',
): Promise<() => Promise<void>> {
  if (!(await claimIntent(deps, intent, from))) throw alreadySettled();
  return async () => {
    await sendClaimed(deps, intent);
    await deps.look();
  };
}

async function adopt({ desk, intents }: DecideDeps, intent: CreationIntent, issueKey: string): Promise<void> {
  const { projectKey } = intent.payload;
  const issue = issueKey.startsWith(`${projectKey}-`) ? await desk.getIssue(issueKey) : null;
  if (!issue) {
    throw new InvalidError(
      'issue_key_unknown',
      `${issueKey} is no issue of ${projectKey} that you can see.`,
      { hint: 'Look the key up in Jira and enter it as it stands there.' },
    );
  }
  const { key, url } = issue;
  const holder = await intents.byIssue(intent.userId, key);
  if (holder && holder.id !== intent.id) {
    throw new InvalidError(
      'issue_key_taken',
      `${key} is the issue of another story, “${holder.payload.summary}”.`,
      { hint: 'Look in Jira for the issue of this one, or create it anyway.' },
    );
  }
  const isSettled = await intents.settle(intent.id, ['unknown', 'failed'], {
    status: 'created',
    issue: { key, url },
  });
  if (!isSettled) throw alreadySettled();
}

const nothingLeft = async () => undefined;

function alreadySettled(): ConflictError {
  return new ConflictError('creation_settled', 'This was settled meanwhile. Nothing was sent.', {
    hint: 'Look at the story as it is now.',
  });
}
