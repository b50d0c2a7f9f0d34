import type { Clock, Ids, Source } from '../../agent/ports.ts';
import type { SourceRepository } from '../repositories/source-repository.ts';
import type { Journal } from './journal.ts';
import { shortParagraphs } from './source-paragraphs.ts';

interface SourceBookDeps {
  sources: SourceRepository;
  journal: Pick<Journal, 'commit'>;
  clock: Clock;
  ids: Ids;
}

export type SourceBook = ReturnType<typeof createSourceBook>;

/** The numbered sources of conversations: pages, issues, pasted texts and files. */
export function createSourceBook({ sources, journal, clock, ids }: SourceBookDeps) {
  return {
    list: (conversationId: string): Promise<Source[]> => sources.list(conversationId),

    /** Stores a source under the next number and publishes it, its long paragraphs in parts. `runId` is null for what a person adds. */
    async add(
      { conversationId, runId }: { conversationId: string; runId: string | null },
      source: Omit<Source, 'sourceId' | 'ref'>,
    ): Promise<Source> {
      const short = { ...source, paragraphs: shortParagraphs(source.paragraphs) };
      const added = await journal.commit(
        () => sources.add({ conversationId, runId, sourceId: ids.next(), at: clock.now() }, short),
        ({ events }) => events,
      );
      return added.source;
    },
  };
}
