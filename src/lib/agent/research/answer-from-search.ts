import type { PromptBlock } from '../../contracts/prompt-format.ts';
import type { Conversation } from '../conversation.ts';
import { askModel } from '../model/ask-model.ts';
import type { RunContext, RunInput } from '../ports.ts';
import { inStep } from '../progress.ts';
import { block } from '../prompts/blocks.ts';
import type { Answer } from './answer.ts';
import { questionPrompt } from './question-prompt.ts';
import { createReadingLog, type ReadingLog } from './reading-log.ts';
import { issueLine } from './reading-tools.ts';

const MAX_ISSUES = 8;
const MAX_PAGES = 2;
const LONGEST_PAGE = 3_000;

/**
 * The fixed way: one search in Jira and in the pages, then one answer from what they brought, streamed. For models
 * that cannot ask for tools.
 */
export async function answerFromSearch(
  context: RunContext,
  conversation: Conversation,
  input: Extract<RunInput, { kind: 'message' }>,
): Promise<Answer> {
  const log = createReadingLog();
  const found = await search(context, input.text, log);
  const messageId = context.ids.next();
  const prompt = questionPrompt(context, conversation, input, { found });
  const { text, cut } = await askModel(context, {
    type: 'converse',
    messages: [{ role: 'user', content: prompt }],
    stream: { id: messageId, channel: 'message' },
  });
  return { messageId, text, cut, read: log.all() };
}

/** A question can be answered without the backlog, so a search that fails only leaves its step marked. */
async function search(context: RunContext, text: string, log: ReadingLog): Promise<PromptBlock[]> {
  const { signal, settings, backlog } = context;
  const issues = await orNothing(context, 'Looking through the backlog', () =>
    backlog.issuesAbout({ text, projectKey: settings.projectKey, limit: MAX_ISSUES, signal }),
  );
  const pages = await orNothing(context, 'Looking through the pages', () =>
    backlog.pagesAbout({ text, limit: MAX_PAGES, signal }),
  );
  for (const { key, summary, url } of issues)
    log.note({ kind: 'issue', ref: key, title: summary, url, opened: false });
  for (const { id, title, url } of pages) log.note({ kind: 'page', ref: id, title, url, opened: true });
  return [
    ...(issues.length > 0 ? [block('issues', issues.map(issueLine).join('\n'))] : []),
    ...pages.map(({ id, title, paragraphs }) =>
      block('page', paragraphs.join('\n').slice(0, LONGEST_PAGE), { id, title }),
    ),
  ];
}

async function orNothing<T>(context: RunContext, label: string, look: () => Promise<T[]>): Promise<T[]> {
  try {
    return await inStep(context, 'converse', label, look);
  } catch (error) {
    if (context.signal.aborted) throw error;
    context.warn(error, 'A question is answered without a search that failed');
    return [];
  }
}
