import { Allow, parse } from 'partial-json';
import { z } from 'zod';
import type { StoryDraft } from '../contracts/story.ts';
import type { ConversationState } from './conversation-view.ts';

/** A story with what it was split into, in the order of the screen. */
export interface DraftNode {
  draft: StoryDraft;
  children: DraftNode[];
}

/** A story as far as the model has written it. */
export interface ProvisionalCard {
  /** Stable while its stream goes on. */
  id: string;
  summary: string;
  description: string;
  acceptanceCriteria: string[];
  stlcNotes: string;
  storyPoints: number | null;
  /** Its stream was stopped midway. */
  cut: boolean;
}

/** The drafts as a tree. A draft whose parent is not shown stands at the top. */
export function draftTree(drafts: ConversationState['drafts']): DraftNode[] {
  const byPosition = Object.values(drafts).sort(
    (a, b) => a.position - b.position || a.id.localeCompare(b.id),
  );
  const nodesUnder = (parentId: string | null): DraftNode[] =>
    byPosition
      .filter(
        (draft) => (draft.parentId !== null && draft.parentId in drafts ? draft.parentId : null) === parentId,
      )
      .map((draft) => ({ draft, children: nodesUnder(draft.id) }));
  return nodesUnder(null);
}

/** The cards that a model is writing. Parsing costs a millisecond or so: ask once a frame, not once a token. */
export function provisionalCards(streams: ConversationState['streams']): ProvisionalCard[] {
  return streams
    .filter((stream) => stream.channel === 'drafts')
    .flatMap((stream) =>
      storiesIn(stream.text).map((story, index) => ({
        ...story,
        id: `${stream.streamId}-${index}`,
        cut: stream.state === 'cut',
      })),
    );
}

const text = z.string().catch('');
const criterion = z.union([z.string(), z.object({ text }).transform((written) => written.text)]).catch('');
const notes = z.union([z.string(), z.array(text).transform((lines) => lines.join('\n'))]).catch('');
const writtenStory = z
  .object({
    summary: text,
    description: text,
    acceptanceCriteria: z.array(criterion).catch([]),
    stlcNotes: notes,
    storyPoints: z.coerce.number().nullable().catch(null),
  })
  .transform((story) => ({
    ...story,
    acceptanceCriteria: story.acceptanceCriteria.filter((line) => line !== ''),
  }));
const nothingWritten = {
  summary: '',
  description: '',
  acceptanceCriteria: [],
  stlcNotes: '',
  storyPoints: null,
};
const stories = z.array(writtenStory.catch(nothingWritten)).catch([]);
/** Drafts and refinements carry `stories`, splits `children`, repairs one `story`. */
const writtenAnswer = z
  .object({
    stories: stories.optional(),
    children: stories.optional(),
    story: writtenStory.optional().catch(undefined),
  })
  .transform((answer) => answer.stories ?? answer.children ?? (answer.story ? [answer.story] : []));

function storiesIn(written: string): z.infer<typeof stories> {
  const start = written.indexOf('{');
  if (start === -1) return [];
  const answer = writtenAnswer.safeParse(parsedAsFarAsItGoes(written.slice(start)));
  return answer.success
    ? answer.data.filter((story) => story.summary !== '' || story.description !== '')
    : [];
}

function parsedAsFarAsItGoes(json: string): unknown {
  try {
    return parse(json, Allow.ALL);
  } catch {
    // Not JSON, or JSON followed by prose: the saved drafts will show what the server could make of it.
    return null;
  }
}
