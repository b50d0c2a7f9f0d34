import { estimateTokens } from '../prompts/tokens.ts';
import type { RunContext, RunInput, TranscriptMessage, UnreadSource } from '../ports.ts';
import { count, inStep } from '../progress.ts';
import { block } from '../prompts/blocks.ts';
import { turnLine } from '../prompts/compose-prompt.ts';
import { renderBlock } from '../../contracts/prompt-format.ts';
import { askModel } from '../model/ask-model.ts';
import { say } from '../say.ts';
import type { State, Update } from '../state.ts';

/** Reads the pages and issues that the input points at, and puts older turns in short when they grow long. */
export async function gather(state: State, context: RunContext, input: RunInput): Promise<Update> {
  const text = textOf(input);
  if (context.sources.pointsAtSomething(text)) await readSources(context, text);
  return summariseTurns(state, context);
}

/** Whether `gather` would do anything. */
export async function isWorthGathering(state: State, context: RunContext, input: RunInput): Promise<boolean> {
  return context.sources.pointsAtSomething(textOf(input)) || (await turnsToSumUp(state, context)).length > 0;
}

async function readSources(context: RunContext, text: string): Promise<void> {
  const { conversationId, runId, signal } = context;
  try {
    const { unread } = await inStep(
      context,
      'gather',
      'Reading what you linked',
      () => context.sources.gather({ conversationId, runId, text, signal }),
      ({ added }) => (added.length === 0 ? 'Nothing new to read' : `Read ${count(added.length, 'source')}`),
    );
    if (unread.length > 0) say(context, withoutThem(unread));
  } catch (error) {
    if (signal.aborted) throw error;
    // For the log alone: the reason may name internal hosts.
    context.warn(error, 'What a message links to could not be read');
    say(
      context,
      'I could not read what you linked and go on without it. Test the connection under Configurations, or paste the text.',
    );
  }
}

function withoutThem(unread: UnreadSource[]): string {
  const list = unread.map(({ name, why }) => `- ${name}: ${why}`).join('\n');
  return `I could not read this, and go on without it. Paste the text if it matters.\n\n${list}`;
}

/** Turns that take more than this part of the window are put in short, the newest few excepted. */
const TURNS_SHARE = 0.25;
const NEWEST_KEPT = 4;

async function summariseTurns(state: State, context: RunContext): Promise<Update> {
  const older = await turnsToSumUp(state, context);
  const last = older.at(-1);
  if (!last) return {};
  const prompt = summaryPrompt(state.summary, older, turnsLimit(context) * 2);
  const { text } = await inStep(context, 'gather', 'Summing up what was said before', () =>
    askModel(context, { type: 'summarise', messages: [{ role: 'user', content: prompt }] }),
  );
  // Without a summary the turns themselves stay, as far as they fit.
  if (text.trim() === '') return {};
  return { summary: text.trim().slice(0, SUMMARY_MAX_CHARACTERS), summaryUpTo: last.messageId };
}

/** Empty while the turns that no summary covers are few or short. */
async function turnsToSumUp(state: State, context: RunContext): Promise<TranscriptMessage[]> {
  const messages = await context.transcript.messages(context.conversationId);
  const covered = messages.findIndex(({ messageId }) => messageId === state.summaryUpTo);
  const turns = messages.slice(covered + 1);
  if (turns.length <= NEWEST_KEPT) return [];
  const isShort = estimateTokens(turns.map(turnLine).join('\n')) <= turnsLimit(context);
  return isShort ? [] : turns.slice(0, -NEWEST_KEPT);
}

function turnsLimit({ settings }: RunContext): number {
  return settings.contextTokens * TURNS_SHARE;
}

const SUMMARY_MAX_CHARACTERS = 4_000;

/** The newest of the older turns that fit; what is older still is in the summary so far, or gone. */
function summaryPrompt(summary: string, older: TranscriptMessage[], maxTokens: number): string {
  const lines: string[] = [];
  let tokens = 0;
  for (const line of older.map(turnLine).reverse()) {
    tokens += estimateTokens(line);
    if (tokens > maxTokens) break;
    lines.unshift(line);
  }
  const blocks = [...(summary ? [block('summary', summary)] : []), block('turns', lines.join('\n'))];
  return blocks.map(renderBlock).join('\n\n');
}

function textOf(input: RunInput): string {
  if (input.kind === 'message') return input.text;
  return input.kind === 'answers' ? input.answers.map(({ text }) => text ?? '').join('\n') : '';
}
