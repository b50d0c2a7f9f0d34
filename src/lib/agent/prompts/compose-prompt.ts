import { renderBlock, type PromptBlock } from '../../contracts/prompt-format.ts';
import type { Conversation } from '../conversation.ts';
import { NoUsableAnswer } from '../model/no-usable-answer.ts';
import type { Source, TranscriptMessage, WritingSettings } from '../ports.ts';
import { block, sourceBlock } from './blocks.ts';
import { fitSources } from './fit-sources.ts';
import { estimateTokens } from './tokens.ts';

export interface PromptParts {
  /** The system prompt that goes along: it counts. */
  system: string;
  settings: Pick<WritingSettings, 'contextTokens'>;
  /** In the order of the prompt. Never left out. */
  required: PromptBlock[];
  /** Kept whole while they fit; else the paragraphs that `focus` and the criteria need most. */
  sources: Source[];
  /** The words that tell which paragraphs matter. */
  focus: string;
  /** References that stay in sight whatever the budget, because criteria cite them. */
  cited: string[];
  /** Left out one by one from the end when space is short. */
  optional: PromptBlock[];
  /** Older turns go first of all. */
  history: Pick<Conversation, 'summary' | 'turns'>;
}

/**
 * One prompt below `contextTokens` (an estimate, with a reserve for the model's own counting). What gives way, in this
 * order: older turns, their summary, optional blocks, uncited paragraphs of sources. Throws `NoUsableAnswer` when the
 * required part and the cited paragraphs alone are too long: it says so to the person rather than leaving something out.
 */
export function composePrompt(parts: PromptParts): string {
  const budget = Math.floor(parts.settings.contextTokens * (1 - RESERVE)) - estimateTokens(parts.system);
  const required = parts.required.map(renderBlock);
  let left = budget - tokensOf(required);
  if (left < 0) throw new NoUsableAnswer(tooLong(budget - left, budget));

  const sources = fitSources(parts, left).map(({ source, shown }) => renderBlock(sourceBlock(source, shown)));
  left -= tokensOf(sources);
  if (left < 0) throw new NoUsableAnswer(tooLong(budget - left, budget));
  const optional: string[] = [];
  for (const rendered of parts.optional.map(renderBlock)) {
    if (tokensOf([rendered]) > left) break;
    optional.push(rendered);
    left -= tokensOf([rendered]);
  }
  const history = fitHistory(parts.history, left);
  return [...optional, ...history, ...sources, ...required].join('\n\n');
}

/** Models count up to a fifth more tokens than the estimate, and the answer may share the window. */
const RESERVE = 0.2;

function fitHistory({ summary, turns }: PromptParts['history'], budget: number): string[] {
  const blocks: string[] = [];
  let left = budget;
  if (summary) {
    const rendered = renderBlock(block('summary', summary));
    if (tokensOf([rendered]) > left) return [];
    blocks.push(rendered);
    left -= tokensOf([rendered]);
  }
  const lines: string[] = [];
  for (const line of turns.map(turnLine).reverse()) {
    if (tokensOf([renderBlock(block('turns', [line, ...lines].join('\n')))]) > left) break;
    lines.unshift(line);
  }
  return lines.length === 0 ? blocks : [...blocks, renderBlock(block('turns', lines.join('\n')))];
}

export function turnLine({ role, text }: TranscriptMessage): string {
  return `${role === 'user' ? 'person' : 'assistant'}: ${text.replace(/\s+/g, ' ').trim()}`;
}

function tokensOf(rendered: string[]): number {
  return rendered.reduce((sum, text) => sum + estimateTokens(text) + 1, 0);
}

function tooLong(needed: number, budget: number): string {
  return (
    `This is more than the model reads at once (about ${needed} of ${Math.max(0, budget)} tokens). Nothing was changed. ` +
    'Put long text in as a source, work on fewer stories at a time, or split the message.'
  );
}
