import { and, eq, sql } from 'drizzle-orm';
import { storyDrafts, storyDraftVersions } from '../db/schema/index.ts';
import { prepared } from './prepared.ts';

const theVersion = and(
  eq(storyDraftVersions.draftId, sql.placeholder('draftId')),
  eq(storyDraftVersions.version, sql.placeholder('version')),
);

export const draftInsert = prepared((tx) =>
  tx
    .insert(storyDrafts)
    .values({
      id: sql.placeholder('id'),
      conversationId: sql.placeholder('conversationId'),
      parentId: sql.placeholder('parentId'),
      position: sql.placeholder('position'),
      status: sql.placeholder('status'),
      version: sql.placeholder('version'),
      problem: sql.placeholder('problem'),
      createdAt: sql.placeholder('createdAt'),
      updatedAt: sql.placeholder('updatedAt'),
    })
    .prepare(),
);

export const versionInsert = prepared((tx) =>
  tx
    .insert(storyDraftVersions)
    .values({
      draftId: sql.placeholder('draftId'),
      version: sql.placeholder('version'),
      author: sql.placeholder('author'),
      runId: sql.placeholder('runId'),
      content: sql.placeholder('content'),
      rules: sql.placeholder('rules'),
      conflicts: sql.placeholder('conflicts'),
      extraFields: sql.placeholder('extraFields'),
      markerLabel: sql.placeholder('markerLabel'),
      createdAt: sql.placeholder('createdAt'),
    })
    .prepare(),
);

/** An overtaken version keeps its text alone. */
export const versionOvertaken = prepared((tx) =>
  tx
    .update(storyDraftVersions)
    .set({ posting: null, rules: '[]', conflicts: '[]' })
    .where(theVersion)
    .prepare(),
);

/** `posting` as JSON, or null while it is not known. */
export const postingSet = prepared((tx) =>
  tx
    .update(storyDraftVersions)
    .set({ posting: sql`${sql.placeholder('posting')}` })
    .where(theVersion)
    .prepare(),
);
