import type { DraftConflict, StoryContent } from '../../contracts/story.ts';

/**
 * The story with the agent's words in place of the person's, where `conflict` stands. Unchanged when that place is gone.
 * `newId` names criteria whose id is taken.
 */
export function takeTheirs(
  content: StoryContent,
  conflict: DraftConflict,
  newId: () => string,
): StoryContent {
  const { part, mine, theirs } = conflict;
  const lines = linesOf(content, part);
  const at = placeOf(lines, conflict);
  if (at === null) return content;
  switch (part) {
    case 'acceptanceCriteria': {
      const left = content.acceptanceCriteria.toSpliced(at, mine.length);
      const taken = new Set(left.map(({ id }) => id));
      const texts = new Set(left.map(({ text }) => text));
      const criteria = conflict.criteria
        .filter(({ text }) => !texts.has(text))
        .map((criterion) => (taken.has(criterion.id) ? { ...criterion, id: newId() } : criterion));
      return { ...content, acceptanceCriteria: left.toSpliced(at, 0, ...criteria) };
    }
    case 'storyPoints':
      return { ...content, storyPoints: theirs[0] === undefined ? null : Number(theirs[0]) };
    case 'epicKey':
      return { ...content, epicKey: theirs[0] ?? null };
    default:
      return { ...content, [part]: lines.toSpliced(at, mine.length, ...theirs).join('\n') };
  }
}

/**
 * Conflicts that `content` still shows a choice for: the person's lines stand as they did, the agent's do not. Of two
 * about the same lines the later one counts.
 */
export function openConflicts(conflicts: readonly DraftConflict[], content: StoryContent): DraftConflict[] {
  return conflicts.filter((conflict, index) => {
    const later = conflicts.slice(index + 1).some((other) => sameLines(conflict, other));
    return !later && placeOf(linesOf(content, conflict.part), conflict) !== null;
  });
}

/** Where the person's lines stand now, nearest to where they stood. Null when they were changed since. */
function placeOf(lines: string[], { mine, theirs, at }: DraftConflict): number | null {
  if (mine.length === 0) {
    const comeBack = theirs.some((line) => line.trim() !== '' && lines.includes(line));
    return comeBack ? null : Math.min(at, lines.length);
  }
  const places = [...lines.keys()].filter((start) =>
    mine.every((line, index) => lines[start + index] === line),
  );
  return places.toSorted((a, b) => Math.abs(a - at) - Math.abs(b - at))[0] ?? null;
}

function linesOf(content: StoryContent, part: DraftConflict['part']): string[] {
  if (part === 'acceptanceCriteria') return content.acceptanceCriteria.map(({ text }) => text);
  const value = content[part];
  return value === null ? [] : String(value).split('\n');
}

function sameLines(a: DraftConflict, b: DraftConflict): boolean {
  return a.part === b.part && a.mine.length > 0 && a.mine.join('\n') === b.mine.join('\n');
}
