import { readConversation } from '../conversation.ts';
import type { RunContext, RunInput } from '../ports.ts';
import { inStep } from '../progress.ts';
import { answerFromSearch } from '../research/answer-from-search.ts';
import { answerWithTools } from '../research/answer-with-tools.ts';
import { citeReadings, ISSUE_KEY } from '../research/cite-readings.ts';
import { say } from '../say.ts';
import type { State, Update } from '../state.ts';

type Message = Extract<RunInput, { kind: 'message' }>;

/**
 * Answers a question about the drafts or the backlog, streamed: with the person's reading tools where the model can ask
 * for them, else from one search. It changes nothing, and code says what was read for the answer.
 */
export async function converse(state: State, context: RunContext, input: Message): Promise<Update> {
  const conversation = await readConversation(context, state);
  const { text, cut, read, messageId } = await inStep(
    context,
    'converse',
    'Answering',
    async () =>
      (await answerWithTools(context, conversation, input)) ??
      (await answerFromSearch(context, conversation, input)),
  );
  const answer = text.trim() || 'The model answered with nothing at all. Ask again, or in other words.';
  const asked = conversation.messages
    .filter(({ role }) => role === 'user')
    .flatMap(({ text: words }) => words.match(ISSUE_KEY) ?? []);
  const cited = citeReadings(answer, { read, asked, projectKey: context.settings.projectKey });
  say(context, cut ? `${cited}\n\n(The answer broke off here.)` : cited, messageId);
  return {};
}
