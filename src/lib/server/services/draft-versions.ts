import type { DraftVersionPage, DraftVersionView, PartChange } from '../../contracts/draft-version.ts';
import type { StoryContent, StoryEdit } from '../../contracts/story.ts';
import type { StoredVersion } from '../repositories/draft-repository.ts';
import { diffText } from './diff-text.ts';

/** Bounds the answer and the work of comparing: nobody reads more at once. */
const PAGE_SIZE = 20;

/** The versions before `before` out of a draft's whole history (oldest first), each against the one it followed. */
export function pageOfVersions(history: readonly StoredVersion[], before: number | null): DraftVersionPage {
  const wanted = history.filter(({ version }) => before === null || version < before);
  const first = Math.max(0, wanted.length - PAGE_SIZE);
  const versions = wanted
    .slice(first)
    .map((version, index) => viewOf(version, wanted[first + index - 1] ?? null))
    .reverse();
  return { versions, next: first > 0 ? (versions.at(-1)?.version ?? null) : null };
}

function viewOf(
  { version, author, createdAt, content }: StoredVersion,
  previous: StoredVersion | null,
): DraftVersionView {
  const changes = previous ? changesBetween(previous.content, content) : [];
  return { version, author, createdAt, changes, edit: editOf(content) };
}

function changesBetween(before: StoryContent, after: StoryContent): PartChange[] {
  return parts.flatMap((part) => {
    const [was, is] = [inWords(before, part), inWords(after, part)];
    return was === is ? [] : [{ part, pieces: diffText(was, is) }];
  });
}

/** In the order of the card. */
const parts = [
  'summary',
  'format',
  'description',
  'acceptanceCriteria',
  'stlcNotes',
  'issueType',
  'epicKey',
  'storyPoints',
  'labels',
] as const satisfies readonly PartChange['part'][];

function inWords(content: StoryContent, part: (typeof parts)[number]): string {
  if (part === 'acceptanceCriteria')
    return content.acceptanceCriteria.map(({ text }, index) => `${index + 1}. ${text}`).join('\n');
  if (part === 'labels') return content.labels.join(', ');
  return String(content[part] ?? 'none');
}

function editOf(content: StoryContent): StoryEdit {
  const { issueType, epicKey, summary, description, stlcNotes, storyPoints, labels } = content;
  const acceptanceCriteria = content.acceptanceCriteria.map(({ id, text }) => ({ id, text }));
  return { issueType, epicKey, summary, description, stlcNotes, storyPoints, labels, acceptanceCriteria };
}
