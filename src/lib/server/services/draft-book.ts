import type { Clock, DraftBook, DraftProposal, Ids } from '../../agent/ports.ts';
import type { Problem } from '../../contracts/problem.ts';
import type { Posting, SimilarIssue, StoryDraft } from '../../contracts/story.ts';
import { ConflictError } from '../errors/app-error.ts';
import type {
  DraftOutcome,
  DraftRepository,
  DraftToPost,
  NewVersion,
  SaveOutcome,
} from '../repositories/draft-repository.ts';
import type { RunClaim } from '../repositories/run-rows.ts';
import type { Journal } from './journal.ts';

interface DraftBookDeps {
  drafts: DraftRepository;
  journal: Pick<Journal, 'commit'>;
  clock: Clock;
  ids: Ids;
}

export type DraftBookService = ReturnType<typeof createDraftBookService>;

/** The versioned drafts of all conversations. Everything that changes one publishes `draft_saved`. */
export function createDraftBookService({ drafts, journal, clock, ids }: DraftBookDeps) {
  return {
    list: drafts.list,

    /** A draft with its marker label and extra fields, or null. */
    find: (conversationId: string, draftId: string): Promise<DraftToPost | null> =>
      drafts.find(conversationId, draftId),

    /** Every version of one draft, oldest first; empty where there is no such draft. */
    history: drafts.history,

    /** The agent's view of it during one run. */
    forRun(run: RunClaim): DraftBook {
      return {
        list: drafts.list,
        history: drafts.history,
        save: async (conversationId, _runId, proposals) =>
          savedDrafts(await save({ conversationId, run }, proposals.map(toVersion))),
        markSplit: (_conversationId, _runId, draftId) => saveOutcome(draftId, { status: 'split' }),
      };
    },

    /** A person's new version. ConflictError when it is not the newest that they edited, or it may not change. */
    async saveEdit(
      conversationId: string,
      version: Omit<NewVersion, 'author' | 'markerLabel'>,
    ): Promise<StoryDraft> {
      const edit: NewVersion = { ...version, author: 'person', markerLabel: newMarkerLabel() };
      const [draft] = savedDrafts(await save({ conversationId, run: null }, [edit]));
      if (!draft) throw new Error('An edit was saved without a draft.');
      return draft;
    },

    /** The drafts as creating issues reads and writes them. */
    forCreation: drafts.toPost,
    savePosting,
    saveOutcome,
  };

  /** Without effect when there is a newer version by now. */
  async function savePosting(
    draftId: string,
    version: number,
    prepared: { posting: Posting | null; similar: SimilarIssue[]; problem: Problem | null },
  ): Promise<void> {
    await journal.commit(() => drafts.setPosting(draftId, version, prepared, clock.now()), identity);
  }

  async function saveOutcome(draftId: string, outcome: DraftOutcome): Promise<void> {
    await journal.commit(() => drafts.setOutcome(draftId, outcome, clock.now()), identity);
  }

  function save(
    where: { conversationId: string; run: RunClaim | null },
    versions: NewVersion[],
  ): Promise<SaveOutcome> {
    return journal.commit(
      () => drafts.save({ ...where, at: clock.now() }, versions),
      (result) => (result.outcome === 'saved' ? result.events : []),
    );
  }

  function toVersion({ draftId, newDraftId, baseVersion, ...proposal }: DraftProposal): NewVersion {
    return {
      ...proposal,
      draftId: draftId ?? newDraftId ?? ids.next(),
      baseVersion: baseVersion ?? null,
      author: 'agent',
      markerLabel: newMarkerLabel(),
    };
  }

  /** Minted with the version, so that the hash that an approval binds covers it. */
  function newMarkerLabel(): string {
    return `blg-${ids.next()}`;
  }
}

function savedDrafts(result: SaveOutcome): StoryDraft[] {
  switch (result.outcome) {
    case 'saved':
      return result.drafts;
    case 'overtaken':
      throw new ConflictError(
        'draft_overtaken',
        'This story was changed meanwhile. Nothing of it was overwritten.',
        {
          hint: 'Look at its newest version, then make your change again.',
        },
      );
    case 'settled':
      throw new ConflictError(
        'draft_settled',
        'This story is on its way to Jira or already there, so it cannot be changed here.',
      );
    case 'missing':
      throw new ConflictError('draft_missing', 'This story is no longer there: it was discarded.');
    case 'run_over':
      throw new ConflictError('run_over', 'This run was ended meanwhile, so what it wrote was not taken.');
  }
}

function identity<T>(value: T): T {
  return value;
}
