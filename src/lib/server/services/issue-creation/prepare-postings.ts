import { AppError } from '../../errors/app-error.ts';
import type { ExtraFields } from '../../../contracts/story.ts';
import type { CreationDrafts, DraftForCreation } from './creation-drafts.ts';
import type { CreateScreen } from '../../adapters/jira/create-screen.ts';
import type { IssueDesk } from './issue-desk.ts';
import type { CreatePlace } from './remembered-fields.ts';
import { chooseIssueType, writePosting, type IssueType } from './posting.ts';

const similarShown = 5;

/**
 * Writes for each draft what would be posted, and which issues look alike. Create-meta is read once for each project
 * and type. Where Jira cannot be read, the draft keeps its text and carries the problem: unprepared, it cannot be
 * approved.
 */
export async function preparePostings(
  deps: {
    desk: IssueDesk;
    drafts: CreationDrafts;
    toWiki: (markdown: string) => string;
    remembered: (place: CreatePlace) => Promise<ExtraFields>;
  },
  input: { conversationId: string; draftIds: readonly string[]; signal?: AbortSignal },
): Promise<void> {
  const { desk, drafts, toWiki, remembered } = deps;
  const screens = createScreenReader(desk);

  for (const found of await drafts.forCreation(input.conversationId, input.draftIds)) {
    input.signal?.throwIfAborted();
    const { draft, projectKey, extraFields, markerLabel } = found;
    const save = (prepared: Parameters<CreationDrafts['savePosting']>[2]) =>
      drafts.savePosting(draft.id, draft.version, prepared);
    try {
      const issueTypes = await screens.issueTypes(projectKey);
      const type = chooseIssueType(draft.content, extraFields, issueTypes);
      const screen = type ? await screens.of(projectKey, type) : null;
      const { content } = draft;
      const toTrackerText = (await desk.descriptionFormat()) === 'wiki' ? toWiki : asItIs;
      const posting = writePosting({
        content,
        projectKey,
        issueTypes,
        screen,
        extraFields,
        rememberedFields: type ? await remembered({ projectKey, issueType: type.name }) : {},
        markerLabel,
        toTrackerText,
      });
      await save({ posting, similar: await findSimilar(desk, found, input.signal), problem: null });
    } catch (error) {
      if (input.signal?.aborted || !(error instanceof AppError)) throw error;
      await save({ posting: null, similar: draft.similar, problem: error.toProblem() });
    }
  }
}

/** For tools that take Markdown and turn it into Jira's markup themselves. */
function asItIs(markdown: string): string {
  return markdown;
}

interface ScreenReader {
  issueTypes(projectKey: string): Promise<IssueType[]>;
  of(projectKey: string, type: IssueType): Promise<CreateScreen>;
}

function createScreenReader(desk: IssueDesk): ScreenReader {
  const types = new Map<string, Promise<IssueType[]>>();
  const screens = new Map<string, Promise<CreateScreen>>();
  return {
    issueTypes: (projectKey) => readOnce(types, projectKey, () => desk.issueTypes(projectKey)),
    of: (projectKey, { id }) =>
      readOnce(screens, `${projectKey} ${id}`, () => desk.createScreen(projectKey, id)),
  };
}

function readOnce<T>(known: Map<string, Promise<T>>, key: string, read: () => Promise<T>): Promise<T> {
  const value = known.get(key) ?? read();
  known.set(key, value);
  return value;
}

/** Advice, not a condition: without it the review goes on. */
async function findSimilar(
  desk: IssueDesk,
  { draft: { content }, projectKey }: DraftForCreation,
  signal: AbortSignal | undefined,
) {
  const text = `${content.summary}\n${content.acceptanceCriteria.map((criterion) => criterion.text).join('\n')}`;
  return desk
    .similar({ text, projectKey, limit: similarShown, ...(signal ? { signal } : {}) })
    .catch(() => []);
}
