import { Allow, parse } from 'partial-json';
import type { ConversationState } from './conversation-view.ts';

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

/** The cards that a model is writing on the channel of drafts. Parsing costs a millisecond or so: ask once a frame, not once a token. */
export function provisionalCards(streams: ConversationState['streams']): ProvisionalCard[] {
  return streams.flatMap((stream) =>
    storiesIn(stream.text).map((story, index) => ({
      ...story,
      id: `${stream.streamId}-${index}`,
      cut: stream.state === 'cut',
    })),
  );
}

type WrittenStory = Omit<ProvisionalCard, 'id' | 'cut'>;

/** Drafts and refinements carry `stories`, splits `children`, repairs one `story`. */
function storiesIn(written: string): WrittenStory[] {
  const start = written.indexOf('{');
  if (start === -1) return [];
  const answer = recordOf(parsedAsFarAsItGoes(written.slice(start)));
  const stories = answer['stories'] ?? answer['children'] ?? ('story' in answer ? [answer['story']] : []);
  return listOf(stories)
    .map(writtenStory)
    .filter(({ summary, description }) => summary !== '' || description !== '');
}

/** By hand and not by a schema: it runs at every frame, on what is half written. What has no shape yet is left empty. */
function writtenStory(written: unknown): WrittenStory {
  const { summary, description, acceptanceCriteria, stlcNotes, storyPoints } = recordOf(written);
  const points = Number(storyPoints ?? Number.NaN);
  return {
    summary: textOf(summary),
    description: textOf(description),
    acceptanceCriteria: listOf(acceptanceCriteria)
      .map((criterion) => textOf(recordOf(criterion)['text'] ?? criterion))
      .filter((line) => line !== ''),
    stlcNotes: Array.isArray(stlcNotes) ? stlcNotes.map(textOf).join('\n') : textOf(stlcNotes),
    storyPoints: Number.isFinite(points) ? points : null,
  };
}

const textOf = (value: unknown): string => (typeof value === 'string' ? value : '');
const listOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);
const recordOf = (value: unknown): Record<string, unknown> =>
  typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};

function parsedAsFarAsItGoes(json: string): unknown {
  try {
    return parse(json, Allow.ALL);
  } catch {
    // Not JSON, or JSON followed by prose: the saved drafts will show what the server could make of it.
    return null;
  }
}
