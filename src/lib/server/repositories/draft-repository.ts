import { and, asc, eq, inArray } from 'drizzle-orm';
import type { Problem } from '../../contracts/problem.ts';
import type { NewRunEvent, RunEvent } from '../../contracts/run-event.ts';
import type {
  DraftConflict,
  DraftStatus,
  ExtraFields,
  Posting,
  RuleResult,
  SimilarIssue,
  StoryContent,
  StoryDraft,
} from '../../contracts/story.ts';
import type { AppDatabase } from '../db/connection.ts';
import { storyDrafts, storyDraftVersions } from '../db/schema/index.ts';
import { conversationRow } from './conversation-rows.ts';
import {
  changeDraft,
  changeDraftRow,
  draftEvents,
  draftOf,
  draftRow,
  everyDraft,
  liveDrafts,
  toJson,
  type DraftToPost,
} from './draft-rows.ts';
import { draftInsert, postingSet, versionInsert, versionOvertaken } from './draft-writes.ts';
import { appendEvents } from './journal-rows.ts';
import { isClaimed, type RunClaim } from './run-rows.ts';
import { inPromisedTransaction, inTransaction, type Statements } from './transaction.ts';

/** A new draft, or a new version of one. */
export interface NewVersion {
  draftId: string;
  /** The version that it was made from; null where the draft may be new. */
  baseVersion: number | null;
  parentId: string | null;
  position: number;
  author: 'agent' | 'person';
  content: StoryContent;
  rules: RuleResult[];
  /** Places where the person has to choose; absent: none. */
  conflicts?: DraftConflict[];
  /** Absent: as in the version before. */
  extraFields?: ExtraFields;
  /** `blg-<ulid>`, minted for this version. */
  markerLabel: string;
}

/** One version of one draft as it was saved. */
export interface StoredVersion {
  version: number;
  author: 'agent' | 'person';
  content: StoryContent;
  /** Milliseconds since 1970, UTC. */
  createdAt: number;
}

/** What became of a draft on its way to Jira. Absent keys stay as they are. */
export interface DraftOutcome {
  status?: DraftStatus;
  issue?: { key: string; url: string } | null;
  intentId?: string | null;
  problem?: Problem | null;
}

export type SaveOutcome =
  | { outcome: 'saved'; drafts: StoryDraft[]; events: RunEvent[] }
  /** A newer version exists, or the draft is on its way to Jira: nothing was saved. */
  | { outcome: 'overtaken' | 'settled' | 'missing'; draftId: string }
  /** The run was ended or taken over: nothing was saved. */
  | { outcome: 'run_over' };

export type { DraftToPost } from './draft-rows.ts';
export type DraftRepository = ReturnType<typeof createDraftRepository>;

/** Drafts that may still change: not on their way to Jira, not there, not gone. */
export const editableStatuses: readonly DraftStatus[] = ['proposed', 'failed', 'split'];

export function createDraftRepository(db: AppDatabase) {
  return {
    /** Live drafts in order: not the discarded ones. */
    async list(conversationId: string): Promise<StoryDraft[]> {
      return liveDrafts(db.orm, conversationId);
    },

    async find(conversationId: string, draftId: string): Promise<DraftToPost | null> {
      return draftOf(db.orm, conversationId, draftId) ?? null;
    },

    /** Every version of one draft, oldest first. */
    async history(conversationId: string, draftId: string): Promise<StoredVersion[]> {
      return db.orm
        .select({ version: storyDraftVersions })
        .from(storyDraftVersions)
        .innerJoin(storyDrafts, eq(storyDrafts.id, storyDraftVersions.draftId))
        .where(and(eq(storyDrafts.conversationId, conversationId), eq(storyDrafts.id, draftId)))
        .orderBy(asc(storyDraftVersions.version))
        .all()
        .map(({ version: { version, author, content, createdAt } }) => ({
          version,
          author,
          content: JSON.parse(content) as StoryContent,
          createdAt,
        }));
    },

    /** Saves all versions or none. Each starts unprepared: what is posted is computed anew from it. */
    async save(
      where: { conversationId: string; run: RunClaim | null; at: number },
      versions: NewVersion[],
    ): Promise<SaveOutcome> {
      return inPromisedTransaction(db, (tx): SaveOutcome => {
        const { conversationId, run, at } = where;
        if (run !== null && !isClaimed(tx, run)) return { outcome: 'run_over' };
        for (const version of versions) {
          const refusal = refusalOf(tx, conversationId, version);
          if (refusal) return { outcome: refusal, draftId: version.draftId };
        }
        const drafts = versions.map((version) => saveVersion(tx, where, version));
        const events = draftEvents(drafts);
        return {
          outcome: 'saved',
          drafts,
          events: appendEvents(tx, { conversationId, runId: run?.runId ?? null, events, at }),
        };
      });
    },

    /** Drafts of one conversation with what creating issues needs besides. */
    async toPost(conversationId: string, draftIds: readonly string[]) {
      const projectKey = conversationRow(db.orm).get({ conversationId })?.projectKey ?? '';
      return everyDraft(db.orm, conversationId)
        .filter(({ draft }) => draftIds.includes(draft.id))
        .map((draft) => ({ ...draft, projectKey }));
    },

    /**
     * Keeps what will be posted of one version. Empty when that is known already, when a newer version exists by now, or
     * when it is on its way.
     */
    async setPosting(
      draftId: string,
      version: number,
      prepared: { posting: Posting | null; similar: SimilarIssue[]; problem: Problem | null },
      at: number,
    ): Promise<RunEvent[]> {
      const posting = prepared.posting === null ? null : JSON.stringify(prepared.posting);
      const similar = JSON.stringify(prepared.similar);
      const problem = toJson(prepared.problem);
      return inPromisedTransaction(db, (tx) => {
        const found = draftRow(tx).get({ draftId });
        if (found?.draft.version !== version || !editableStatuses.includes(found.draft.status)) return [];
        const { draft, version: kept } = found;
        if (kept.posting === posting && draft.similar === similar && draft.problem === problem) return [];
        postingSet(tx).run({ draftId, version, posting });
        return changeDraft(tx, draftId, { similar, problem }, at);
      });
    },

    /** Keeps what became of a draft, whatever its run does meanwhile: it happened. */
    async setOutcome(
      draftId: string,
      { status, issue, intentId, problem }: DraftOutcome,
      at: number,
    ): Promise<RunEvent[]> {
      const change = {
        ...(status === undefined ? {} : { status }),
        ...(issue === undefined ? {} : { issueKey: issue?.key ?? null, issueUrl: issue?.url ?? null }),
        ...(intentId === undefined ? {} : { intentId }),
        ...(problem === undefined ? {} : { problem: toJson(problem) }),
      };
      return inTransaction(db, (tx) => changeDraft(tx, draftId, change, at));
    },

    /** Discards a draft with what it was split into, where that may still change; `note` then stands in the talk. */
    async discard(
      where: { conversationId: string; at: number },
      draftId: string,
      version: number,
      note?: { messageId: string; text: string },
    ): Promise<
      { outcome: 'discarded'; events: RunEvent[] } | { outcome: 'overtaken' | 'settled' | 'missing' }
    > {
      return inTransaction(db, (tx) => {
        const { conversationId, at } = where;
        const draft = draftOf(tx, conversationId, draftId)?.draft;
        if (!draft || draft.status === 'discarded') return { outcome: 'missing' };
        if (!editableStatuses.includes(draft.status)) return { outcome: 'settled' };
        if (draft.version !== version) return { outcome: 'overtaken' };
        const gone = [draftId, ...descendants(tx, conversationId, draftId)];
        tx.update(storyDrafts)
          .set({ status: 'discarded', updatedAt: at })
          .where(inArray(storyDrafts.id, gone))
          .run();
        const events: NewRunEvent[] = gone.map((id) => ({ type: 'draft_discarded', body: { draftId: id } }));
        if (note) events.push({ type: 'message_added', body: { ...note, role: 'assistant', number: null } });
        return {
          outcome: 'discarded',
          events: appendEvents(tx, { conversationId, runId: null, events, at }),
        };
      });
    },
  };
}

function refusalOf(
  tx: Statements,
  conversationId: string,
  { draftId, baseVersion }: NewVersion,
): 'overtaken' | 'settled' | 'missing' | null {
  const known = draftRow(tx).get({ draftId })?.draft;
  if (!known) return baseVersion === null ? null : 'missing';
  if (known.conversationId !== conversationId || known.status === 'discarded') return 'missing';
  if (!editableStatuses.includes(known.status)) return 'settled';
  return baseVersion !== null && known.version > baseVersion ? 'overtaken' : null;
}

function saveVersion(
  tx: Statements,
  { conversationId, run, at }: { conversationId: string; run: RunClaim | null; at: number },
  version: NewVersion,
): StoryDraft {
  const { draftId: id, parentId, position, author } = version;
  const before = draftOf(tx, conversationId, id);
  const number = (before?.draft.version ?? 0) + 1;
  const status = before?.draft.status === 'split' ? 'split' : 'proposed';
  const head = { parentId, position, status, version: number, problem: null, updatedAt: at } as const;
  // Of an older version only its text is shown; somebody who returns to it makes a new one, which is checked and
  // prepared. Before the new one is stored, which then finds the room.
  if (before) versionOvertaken(tx).run({ draftId: id, version: before.draft.version });
  if (before) changeDraftRow(tx, head, { draftId: id });
  else draftInsert(tx).run({ id, conversationId, createdAt: at, ...head });
  versionInsert(tx).run({
    draftId: id,
    version: number,
    author,
    runId: run?.runId ?? null,
    content: JSON.stringify(version.content),
    rules: JSON.stringify(version.rules),
    conflicts: JSON.stringify(version.conflicts ?? []),
    extraFields: JSON.stringify(version.extraFields ?? before?.extraFields ?? {}),
    markerLabel: version.markerLabel,
    createdAt: at,
  });
  const saved = draftOf(tx, conversationId, id);
  if (!saved) throw new Error(`The draft ${id} was saved but cannot be read.`);
  return saved.draft;
}

function descendants(tx: Statements, conversationId: string, parentId: string): string[] {
  const children = tx
    .select({ id: storyDrafts.id })
    .from(storyDrafts)
    .where(
      and(
        eq(storyDrafts.conversationId, conversationId),
        eq(storyDrafts.parentId, parentId),
        inArray(storyDrafts.status, [...editableStatuses]),
      ),
    )
    .all()
    .map(({ id }) => id);
  return children.flatMap((id) => [id, ...descendants(tx, conversationId, id)]);
}
