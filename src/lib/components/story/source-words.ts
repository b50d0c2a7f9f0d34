import type { CriterionSource } from '$lib/contracts/story';

export interface SourceWords {
  /** Short enough for a mark beside the criterion. */
  mark: string;
  /** The whole of it, for a screen reader and the tooltip. */
  told: string;
  tone: 'accent' | 'warn' | 'neutral';
  /** What a press leads to, where there is something. */
  ref: string | null;
}

/** Where a criterion comes from, in words. */
export function sourceWords(source: CriterionSource): SourceWords {
  switch (source.kind) {
    case 'message':
      return { mark: 'you', told: `You said: “${source.quote}”`, tone: 'accent', ref: source.ref };
    case 'page':
      return {
        mark: `${source.ref.split('.')[0]} ¶${source.ref.split('.')[1] ?? '1'}`,
        told: `“${source.quote}”, from ${source.title}`,
        tone: 'accent',
        ref: source.ref,
      };
    case 'answer':
      return {
        mark: `answer ${source.ref.slice(1)}`,
        told: `From your answer: “${source.quote}”`,
        tone: 'accent',
        ref: source.ref,
      };
    case 'edit':
      return { mark: 'your edit', told: 'You wrote this yourself.', tone: 'neutral', ref: null };
    case 'assumption':
      return { mark: 'assumed', told: `Assumed. ${source.quote}`, tone: 'warn', ref: null };
  }
}
