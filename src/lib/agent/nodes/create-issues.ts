import type { CreationSummary, RunContext, RunInput } from '../ports.ts';
import { count, inStep } from '../progress.ts';
import { say } from '../say.ts';
import type { State, Update } from '../state.ts';

type Approval = Extract<RunInput, { kind: 'approval' }>;

/**
 * Creates what was approved. It is a node of its own behind the interrupt, and the tracker works through the journal
 * of intents, so repeating it never creates an issue twice.
 */
export async function createIssues(
  _state: State,
  context: RunContext,
  { approvalId }: Approval,
): Promise<Update> {
  const { conversationId, runId, signal } = context;
  const summary = await inStep(
    context,
    'create_issues',
    'Creating issues in Jira',
    () => context.tracker.create({ conversationId, runId, approvalId, signal }),
    ({ created }) => `Created ${count(created.length, 'issue')}`,
  );
  say(context, inWords(summary));
  return {};
}

function inWords({ created, failed, unknown }: CreationSummary): string {
  const sentences: string[] = [];
  if (created.length > 0)
    sentences.push(`Created ${created.map(({ key, url }) => `[${key}](${url})`).join(', ')}.`);
  if (failed.length > 0)
    sentences.push(
      `${count(failed.length, 'story', 'stories')} could not be created; ${failed.length === 1 ? 'its' : 'each'} card says why and offers Retry.`,
    );
  if (unknown.length > 0) {
    sentences.push(
      `Of ${count(unknown.length, 'story', 'stories')} I do not know whether Jira has ${unknown.length === 1 ? 'it; its' : 'them; each'} card offers Check again, Enter key and Create anyway.`,
    );
  }
  return sentences.join(' ');
}
