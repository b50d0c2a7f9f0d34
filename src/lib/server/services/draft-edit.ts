import type { Criterion, StoryContent, StoryEdit } from '../../contracts/story.ts';

/**
 * The content after a person's edit. A criterion whose text they left alone keeps its source; one that they wrote or
 * changed names the edit as its source. Ids stay, so that conservation holds over versions. A criterion that says what
 * it said in one of the `earlier` ones, as when a version is brought back, has its source from there.
 */
export function applyEdit(
  content: StoryContent,
  edit: StoryEdit,
  nextId: () => string,
  earlier: readonly Criterion[] = [],
): StoryContent {
  const { acceptanceCriteria, ...fields } = edit;
  const given = Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));
  return {
    ...content,
    ...given,
    ...(acceptanceCriteria === undefined
      ? {}
      : {
          acceptanceCriteria: editedCriteria(
            [...content.acceptanceCriteria, ...earlier],
            acceptanceCriteria,
            nextId,
          ),
        }),
  };
}

function editedCriteria(
  known: readonly Criterion[],
  edited: { id?: string | undefined; text: string }[],
  nextId: () => string,
): Criterion[] {
  const taken = new Set<string>();
  return edited.map(({ id, text }) => {
    // The same id twice would make two criteria one: the second counts as new.
    const same = id === undefined || taken.has(id) ? [] : known.filter((criterion) => criterion.id === id);
    const kept = same[0]?.id;
    if (kept !== undefined) taken.add(kept);
    const unchanged = same.find((criterion) => criterion.text === text);
    return unchanged ?? { id: kept ?? nextId(), text, source: { kind: 'edit', quote: text } };
  });
}
