import { numberParagraphs } from '../citations.ts';
import type { Source } from '../ports.ts';
import { estimateTokens } from './tokens.ts';

export interface FittedSource {
  source: Source;
  /** Indexes of the paragraphs that are shown. */
  shown: ReadonlySet<number>;
}

/**
 * The paragraphs that fit into `budget` tokens: all when they do, else the cited ones, then those that share most
 * words with `focus`, in their own order. A source that loses paragraphs says how many.
 */
export function fitSources(
  { sources, focus, cited }: { sources: Source[]; focus: string; cited: string[] },
  budget: number,
): FittedSource[] {
  const paragraphs = sources.flatMap((source) =>
    numberParagraphs(source).map(({ ref, text }, index) => ({
      source,
      ref,
      index,
      text,
      tokens: estimateTokens(escaped(text)) + 4,
    })),
  );
  const shown = new Map(sources.map((source) => [source, new Set<number>()]));
  let left = budget - sources.reduce((sum, { title }) => sum + estimateTokens(title) + HEADING_TOKENS, 0);
  const citedRefs = new Set(cited);
  const words = wordsOf(focus);
  const ranked = paragraphs
    .map((paragraph, order) => ({
      ...paragraph,
      order,
      rank: citedRefs.has(paragraph.ref) ? Infinity : overlap(words, paragraph.text),
    }))
    .sort((a, b) => (a.rank === b.rank ? a.order - b.order : a.rank < b.rank ? 1 : -1));
  for (const { source, index, tokens, rank } of ranked) {
    if (tokens > left && rank !== Infinity) continue;
    left -= tokens;
    shown.get(source)?.add(index);
  }
  return sources.map((source) => ({ source, shown: shown.get(source) ?? new Set() }));
}

const HEADING_TOKENS = 16;

function escaped(text: string): string {
  return text.replace(/[<>&"]/g, '&....;');
}

function wordsOf(text: string): Set<string> {
  return new Set(text.toLowerCase().match(/[\p{L}\p{N}]{4,}/gu) ?? []);
}

/** How many of the focus' words stand in the text, in relation to its length: long paragraphs do not win by size. */
function overlap(words: Set<string>, text: string): number {
  const own = wordsOf(text);
  let shared = 0;
  for (const word of own) if (words.has(word)) shared += 1;
  return shared / Math.sqrt(own.size + 4);
}
