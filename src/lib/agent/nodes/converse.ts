import type { SimilarIssue } from '../../contracts/story.ts';
import { readConversation, type Conversation } from '../conversation.ts';
import { askModel, systemPrompt } from '../model/ask-model.ts';
import type { RunContext, RunInput } from '../ports.ts';
import { inStep } from '../progress.ts';
import { block, clarificationsBlocks, draftsBlock, toolsBlocks } from '../prompts/blocks.ts';
import { composePrompt } from '../prompts/compose-prompt.ts';
import { say } from '../say.ts';
import type { State, Update } from '../state.ts';

type Message = Extract<RunInput, { kind: 'message' }>;

/** Answers a question about the drafts or the backlog, streamed. It reads and changes nothing. */
export async function converse(state: State, context: RunContext, input: Message): Promise<Update> {
  const conversation = await readConversation(context, state);
  const issues = await similarIssues(context, input.text);
  const messageId = context.ids.next();
  const { text, cut } = await inStep(context, 'converse', 'Answering', () =>
    askModel(context, {
      type: 'converse',
      messages: [{ role: 'user', content: conversePrompt(context, conversation, issues, input) }],
      stream: { id: messageId, channel: 'message' },
    }),
  );
  const answer = text.trim() || 'The model answered with nothing at all. Ask again, or in other words.';
  say(context, cut ? `${answer}\n\n(The answer broke off here.)` : answer, messageId);
  return {};
}

function conversePrompt(
  { settings }: RunContext,
  conversation: Conversation,
  issues: SimilarIssue[],
  input: Message,
): string {
  const found = issues.map(({ key, summary, status }) =>
    `${key} ${summary} (${status})`.replace(/\s+/g, ' '),
  );
  return composePrompt({
    system: systemPrompt(settings, 'converse'),
    settings,
    required: [
      block('language', settings.language),
      ...clarificationsBlocks(conversation),
      draftsBlock(conversation.drafts.map(({ content }) => content)),
      block('question', input.text),
    ],
    sources: conversation.sources,
    focus: input.text,
    cited: [],
    optional: [...(found.length > 0 ? [block('issues', found.join('\n'))] : []), ...toolsBlocks(settings)],
    history: {
      ...conversation,
      turns: conversation.turns.filter(({ messageId }) => messageId !== input.messageId),
    },
  });
}

const MAX_ISSUES = 8;

/** A question can be answered without the backlog, so a search that fails only leaves its step marked. */
async function similarIssues(context: RunContext, text: string): Promise<SimilarIssue[]> {
  const { signal, settings, backlog } = context;
  try {
    return await inStep(context, 'converse', 'Looking through the backlog', () =>
      backlog.similar({ text, projectKey: settings.projectKey, limit: MAX_ISSUES, signal }),
    );
  } catch (error) {
    if (signal.aborted) throw error;
    return [];
  }
}
