import type { Problem } from '../../../contracts/problem.ts';
import { AppError } from '../../errors/app-error.ts';
import type { CreationDrafts, DraftForCreation } from './creation-drafts.ts';
import { readCreateScreen, type CreateScreen } from './create-screen.ts';
import type { IssueDesk } from './issue-desk.ts';
import { chooseIssueType, writePosting, type IssueType } from './posting.ts';

const similarShown = 5;

/**
 * Writes for each draft what would be posted, and which issues look alike. Create-meta is read once for each project
 * and type. Where Jira cannot be read, the draft keeps its text and carries the problem: it cannot be approved yet.
 */
export async function preparePostings(
  deps: { desk: IssueDesk; drafts: CreationDrafts; toWiki: (markdown: string) => string },
  input: { conversationId: string; draftIds: readonly string[]; signal?: AbortSignal },
): Promise<void> {
  const { desk, drafts, toWiki } = deps;
  const screens = createScreenReader(desk, input.signal);

  for (const prepared of await drafts.forCreation(input.conversationId, input.draftIds)) {
    input.signal?.throwIfAborted();
    const { draft, projectKey, extraFields, markerLabel } = prepared;
    const { issueTypes, problem } = await screens.issueTypes(projectKey);
    const type = chooseIssueType(draft.content, extraFields, issueTypes);
    const screen = type && (await screens.of(projectKey, type));
    const readProblem = problem ?? screen?.problem ?? null;
    const posting = writePosting({
      content: draft.content,
      projectKey,
      issueTypes,
      screen: screen?.screen ?? null,
      extraFields,
      markerLabel,
      toWiki,
    });
    const similar = readProblem ? [] : await findSimilar(desk, prepared, input.signal);
    await drafts.savePosting(draft.id, draft.version, { posting, similar, problem: readProblem });
  }
}

interface ScreenReader {
  issueTypes(projectKey: string): Promise<{ issueTypes: IssueType[]; problem: Problem | null }>;
  of(projectKey: string, type: IssueType): Promise<{ screen: CreateScreen | null; problem: Problem | null }>;
}

function createScreenReader(desk: IssueDesk, signal: AbortSignal | undefined): ScreenReader {
  const types = new Map<string, ReturnType<ScreenReader['issueTypes']>>();
  const screens = new Map<string, ReturnType<ScreenReader['of']>>();
  return {
    issueTypes: (projectKey) =>
      remembered(types, projectKey, () =>
        desk.issueTypes(projectKey, signal).then(
          (issueTypes) => ({ issueTypes, problem: null }),
          (error: unknown) => ({ issueTypes: [], problem: asProblem(error, signal) }),
        ),
      ),
    of: (projectKey, type) =>
      remembered(screens, `${projectKey} ${type.id}`, () =>
        desk.createFields(projectKey, type.id, signal).then(
          (fields) => ({ screen: readCreateScreen(fields), problem: null }),
          (error: unknown) => ({ screen: null, problem: asProblem(error, signal) }),
        ),
      ),
  };
}

function remembered<T>(known: Map<string, Promise<T>>, key: string, read: () => Promise<T>): Promise<T> {
  const value = known.get(key) ?? read();
  known.set(key, value);
  return value;
}

/** Advice, not a condition: without it the review goes on. */
async function findSimilar(
  desk: IssueDesk,
  { draft, projectKey }: DraftForCreation,
  signal: AbortSignal | undefined,
) {
  const text = `${draft.content.summary}\n${draft.content.acceptanceCriteria.map((criterion) => criterion.text).join('\n')}`;
  return desk
    .similar({ text, projectKey, limit: similarShown, ...(signal ? { signal } : {}) })
    .catch(() => []);
}

function asProblem(error: unknown, signal: AbortSignal | undefined): Problem {
  if (signal?.aborted || !(error instanceof AppError)) throw error;
  return error.toProblem();
}
