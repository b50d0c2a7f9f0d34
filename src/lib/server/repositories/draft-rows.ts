import { and, asc, eq, ne, sql, type SQL } from 'drizzle-orm';
import type { Problem } from '../../contracts/problem.ts';
import type { NewRunEvent, RunEvent } from '../../contracts/run-event.ts';
import type { ExtraFields, StoryDraft } from '../../contracts/story.ts';
import { storyDrafts, storyDraftVersions } from '../db/schema/index.ts';
import { appendEvents } from './journal-rows.ts';
import { prepared, preparedChange } from './prepared.ts';
import type { Statements } from './transaction.ts';

export type DraftRow = typeof storyDrafts.$inferSelect;
export type VersionRow = typeof storyDraftVersions.$inferSelect;

/** A draft with what posting it needs besides its content. */
export interface DraftToPost {
  draft: StoryDraft;
  markerLabel: string;
  extraFields: ExtraFields;
}

/** Drafts with their newest version, in the order of the screen. */
export function draftsWhere(tx: Statements, condition: SQL | undefined): DraftToPost[] {
  return selectDrafts(tx, condition).all().map(toDraftToPost);
}

/** All of a conversation, the discarded ones included. */
export function everyDraft(tx: Statements, conversationId: string): DraftToPost[] {
  return everyDraftRow(tx).all({ conversationId }).map(toDraftToPost);
}

const everyDraftRow = prepared((tx) =>
  selectDrafts(tx, eq(storyDrafts.conversationId, sql.placeholder('conversationId'))).prepare(),
);

/** Live drafts of a conversation in the order of the screen: not the discarded ones. */
export function liveDrafts(tx: Statements, conversationId: string): StoryDraft[] {
  return liveDraftRows(tx)
    .all({ conversationId })
    .map(({ draft, version }) => toStoryDraft(draft, version));
}

const liveDraftRows = prepared((tx) =>
  selectDrafts(
    tx,
    and(
      eq(storyDrafts.conversationId, sql.placeholder('conversationId')),
      ne(storyDrafts.status, 'discarded'),
    ),
  ).prepare(),
);

/** One draft with its newest version. */
export const draftRow = prepared((tx) =>
  selectDrafts(tx, eq(storyDrafts.id, sql.placeholder('draftId'))).prepare(),
);

function selectDrafts(tx: Statements, condition: SQL | undefined) {
  return tx
    .select({ draft: storyDrafts, version: storyDraftVersions })
    .from(storyDrafts)
    .innerJoin(
      storyDraftVersions,
      and(
        eq(storyDraftVersions.draftId, storyDrafts.id),
        eq(storyDraftVersions.version, storyDrafts.version),
      ),
    )
    .where(condition)
    .orderBy(asc(storyDrafts.position), asc(storyDrafts.id));
}

function toDraftToPost({ draft, version }: { draft: DraftRow; version: VersionRow }): DraftToPost {
  return {
    draft: toStoryDraft(draft, version),
    markerLabel: version.markerLabel,
    extraFields: JSON.parse(version.extraFields) as ExtraFields,
  };
}

/** One draft of one conversation, or undefined. */
export function draftOf(tx: Statements, conversationId: string, draftId: string): DraftToPost | undefined {
  const found = draftRow(tx).get({ draftId });
  return found?.draft.conversationId === conversationId ? toDraftToPost(found) : undefined;
}

/** Changes one draft's row and appends the event that shows it. */
export function changeDraft(
  tx: Statements,
  draftId: string,
  change: Partial<typeof storyDrafts.$inferInsert>,
  at: number,
): RunEvent[] {
  changeDraftRow(tx, { ...change, updatedAt: at }, { draftId });
  const found = draftRow(tx).get({ draftId });
  if (!found) return [];
  const { draft } = toDraftToPost(found);
  const { conversationId } = draft;
  return appendEvents(tx, { conversationId, runId: null, events: draftEvents([draft]), at });
}

export const changeDraftRow = preparedChange(storyDrafts, eq(storyDrafts.id, sql.placeholder('draftId')));

export function draftEvents(drafts: StoryDraft[]): NewRunEvent[] {
  return drafts.map((draft) => ({ type: 'draft_saved', body: { draft } }));
}

export function toJson(problem: Problem | null): string | null {
  return problem === null ? null : JSON.stringify(problem);
}

function toStoryDraft(draft: DraftRow, version: VersionRow): StoryDraft {
  return {
    id: draft.id,
    conversationId: draft.conversationId,
    version: draft.version,
    status: draft.status,
    parentId: draft.parentId,
    position: draft.position,
    author: version.author,
    content: JSON.parse(version.content) as StoryDraft['content'],
    rules: JSON.parse(version.rules) as StoryDraft['rules'],
    posting: version.posting === null ? null : (JSON.parse(version.posting) as StoryDraft['posting']),
    similar: JSON.parse(draft.similar) as StoryDraft['similar'],
    conflicts: JSON.parse(version.conflicts) as StoryDraft['conflicts'],
    issue:
      draft.issueKey === null || draft.issueUrl === null
        ? null
        : { key: draft.issueKey, url: draft.issueUrl },
    intentId: draft.intentId,
    problem: draft.problem === null ? null : (JSON.parse(draft.problem) as StoryDraft['problem']),
  };
}
